/** Machines with UEFI that are started for real, with firmware of this host: what they boot from, in which order. */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostFirmware } from '../../../src/facts/host_facts.ts';
import { readFirmware } from '../../../src/host/firmware_descriptors.ts';
import { SYSTEM_FILES } from '../../../src/host/system_files.ts';
import { RISCV_FLASH_SINCE, riscvFirmware } from '../firmware_files.ts';
import { ImageTools } from '../images/tools.ts';
import type { Lane } from '../lane.ts';
import { NO_NETWORK } from '../qemu/sandbox.ts';
import { LOGS } from '../settings.ts';
import { small2 } from '../small_profile.ts';
import { type BootArchitecture, LINE, makeBootMedium } from './medium.ts';

export interface BootCase {
  readonly name: string;
  readonly arch: BootArchitecture;
  readonly order: readonly string[];
  readonly secureBoot: boolean;
  /** What the serial port shows, in this order. */
  readonly shows: readonly RegExp[];
  /** What it does not show. */
  readonly lacks: RegExp | null;
}

export interface CheckedBoot {
  readonly name: string;
  readonly isRight: boolean;
  readonly words: string;
}

const STARTS = new RegExp(LINE);
const PASSES_DISK_OVER = /failed to load Boot\d+ "\s*UEFI (?:QEMU HARDDISK|Misc Device)/;

function inBothOrders(arch: BootArchitecture): BootCase[] {
  const common = { arch, secureBoot: false };
  return [
    {
      ...common,
      name: `${arch}: an empty disk, then a CD-ROM`,
      order: ['root', 'setup'],
      shows: [PASSES_DISK_OVER, STARTS],
      lacks: null,
    },
    {
      ...common,
      name: `${arch}: a CD-ROM, then an empty disk`,
      order: ['setup', 'root'],
      shows: [STARTS],
      lacks: PASSES_DISK_OVER,
    },
  ];
}

/** Those that the QEMU that is tried can do. */
export function bootCases({ qemuMajor }: Lane): BootCase[] {
  return BOOT_CASES.filter(({ arch }) => arch !== 'riscv64' || qemuMajor >= RISCV_FLASH_SINCE);
}

const BOOT_CASES: readonly BootCase[] = [
  ...inBothOrders('x86_64'),
  ...inBothOrders('aarch64'),
  ...inBothOrders('riscv64'),
  {
    name: 'x86_64 with Secure Boot: a CD-ROM that nobody has signed',
    arch: 'x86_64',
    order: ['setup', 'root'],
    secureBoot: true,
    shows: [/failed to start|Access Denied|Security Violation/],
    lacks: STARTS,
  },
];

const DEADLINE = 300_000;
const PAUSE = 200;

export async function checkBoot(
  { name, arch, order, secureBoot, shows, lacks }: BootCase,
  lane: Lane,
): Promise<CheckedBoot> {
  lane.empty();
  const tools = new ImageTools(lane);
  tools.img('create', '-q', '-f', 'qcow2', 'root', '4M');
  copyFileSync(makeBootMedium(arch, join(LOGS, `medium-${lane.name}`)), tools.path('setup.iso'));
  const firmware = [...(await readFirmware(SYSTEM_FILES.firmware)), riscvFirmware(lane.prefix)];
  const facts = { ...lane.facts, firmware };
  const profile = small2(arch, {
    hardware: { memory_mb: 1024, ...(arch === 'aarch64' && { cpu: 'cortex-a57' }) },
    firmware: { type: 'uefi', secure_boot: secureBoot, vars: 'i/vars' },
    boot: { order: [...order] },
    storage: {
      disks: [{ name: 'root', path: 'i/root', format: 'qcow2' }],
      cdroms: [{ name: 'setup', path: 'i/setup.iso', bus: arch === 'x86_64' ? 'sata' : 'scsi' }],
    },
    serial: { enabled: true, mode: 'file', logfile: 'i/serial.log' },
  });
  const answer = await lane.service.argv({ profile }, facts);
  if ('refusal' in answer) {
    const codes = answer.refusal.errors.map(({ code }) => code);
    return { name, isRight: false, words: `the service refuses it: ${codes.join(' ')}` };
  }
  const argv = [lane.program(arch), ...answer.body.argv.slice(1)];
  copyFileSync(templateOf(argv, firmware), tools.path('vars'));
  const words = await serialOutput(argv, shows, tools.path('serial.log'), lane);
  const isRight = isShownInOrder(words, shows) && !(lacks?.test(words) ?? false);
  return { name, isRight, words: words.slice(-1000) };
}

/** The variables that belong to the firmware that the service has taken. */
function templateOf(argv: readonly string[], firmware: readonly HostFirmware[]): string {
  const used = firmware.find(({ code }) => argv.some((element) => element.includes(`file=${code},`)));
  if (used === undefined) throw new Error('argv has no firmware of this host');
  return used.vars_template;
}

/** Ends QEMU when all is shown, or at the deadline. */
export async function serialOutput(
  argv: readonly string[],
  shows: readonly RegExp[],
  file: string,
  { sandbox, root }: Lane,
): Promise<string> {
  const [program, ...args] = sandbox.command(argv, NO_NETWORK);
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const end = Date.now() + DEADLINE;
  let text = '';
  while (Date.now() < end && child.exitCode === null && !isShownInOrder(text, shows)) {
    await sleep(PAUSE);
    text = existsSync(file) ? readFileSync(file, 'latin1') : '';
  }
  child.kill('SIGKILL');
  await ended;
  return stderr === '' ? text : `${text}\n${stderr}`;
}

function isShownInOrder(text: string, shows: readonly RegExp[]): boolean {
  let rest = text;
  for (const pattern of shows) {
    const match = pattern.exec(rest);
    if (match === null) return false;
    rest = rest.slice(match.index + match[0].length);
  }
  return true;
}
