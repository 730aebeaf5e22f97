/** VMs with a TPM or with shares by virtiofsd in an empty project folder: what the plans say is run as it stands, the start by the script. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { devicesOf } from '../compare/qtree.ts';
import type { CheckedImage } from '../images/check_image.ts';
import { COMMA_LANE, type Lane, PLAIN_LANE } from '../lane.ts';
import { attempt, hasRoot } from '../qemu/proc.ts';
import { openQmp, type Qmp } from '../qemu/qmp.ts';
import type { Architecture } from '../settings.ts';
import { small2 } from '../small_profile.ts';

interface HelperCase {
  readonly name: string;
  /** swtpm takes no comma in its paths. */
  readonly lane: number;
  readonly arch: Architecture;
  readonly machine: string;
  /** As QEMU calls the TPM; `null` for a VM with shares by virtiofsd in place of one. */
  readonly model: string | null;
}

const MACHINES = [
  ['x86_64', 'q35', 'tpm-crb'],
  ['x86_64', 'pc', 'tpm-crb'],
  ['aarch64', 'virt', 'tpm-tis'],
  ['riscv64', 'virt', 'tpm-tis'],
  ['ppc64le', 'pseries', 'tpm-spapr'],
] as const;

export const HELPER_CASES: readonly HelperCase[] = MACHINES.flatMap(([arch, machine, model]) => [
  { name: `a TPM of ${arch} ${machine} on an empty project folder`, lane: PLAIN_LANE, arch, machine, model },
  {
    name: `shares by virtiofsd of ${arch} ${machine} on an empty project folder`,
    lane: COMMA_LANE,
    arch,
    machine,
    model: null,
  },
]);

const END_TIMEOUT_MS = 20_000;
const GOES_ON = 'a program goes on without QEMU';

const SHARED = [
  { name: 'work', path: 'shared/work', type: 'virtiofs' as const },
  { name: 'look', path: 'shared/look', type: 'virtiofs' as const, readonly: true, cache: 'never' as const },
];

/** Once in some 25 times swtpm 0.7.1 keeps a connection to a QEMU that has quit, and goes on: that counts only twice in a row. */
export async function checkHelpers(each: HelperCase, lane: Lane): Promise<CheckedImage> {
  const first = await tryHelpers(each, lane);
  return first.complaints.includes(GOES_ON) ? tryHelpers(each, lane) : first;
}

async function tryHelpers(each: HelperCase, lane: Lane): Promise<CheckedImage> {
  const { name, arch, machine, model } = each;
  lane.empty();
  writeFileSync(join(lane.root, 'user-data'), '#cloud-config\n');
  const profile = small2(arch, {
    machine: { type: machine },
    storage: {
      disks: [{ name: 'root', path: 'images/root.qcow2', format: 'qcow2', size_gb: 1 }],
      seed: { path: 'images/seed.iso', user_data: 'user-data' },
    },
    shares: [{ name: 'source', path: 'source' }, ...(model === null ? SHARED : [])],
    ...(model !== null && { tpm: { enabled: true, state_dir: 'tpm/vm' } }),
    qmp: { enabled: true, socket: 'run/q.sock' },
    process: { daemonize: true },
  });
  const complaints: string[] = [];
  const env = { PATH: `${lane.path}:/usr/sbin:/sbin`, LC_ALL: 'C.UTF-8' };
  const prepared = await lane.service.prepare({ profile });
  for (const { argv, cwd } of prepared.commands) {
    const [program = '', ...rest] = argv;
    const { status, stderr } = spawnSync(program, rest, { cwd, env, encoding: 'utf8' });
    if (status !== 0) complaints.push(`${argv.join(' ')}: ${status} ${stderr}`);
  }
  const again = await lane.service.prepare({ profile });
  if (again.commands.length > 0 || again.status !== 'validated') complaints.push('prepared twice');
  // Only given facts say where a virtiofsd is that is not installed.
  const script = await lane.service.script({ profile }, model === null ? lane.facts : null);
  // QEMU goes to the background, and what it leaves open must not keep this suite.
  mkdirSync(lane.outside, { recursive: true });
  const words = join(lane.outside, 'words');
  const log = openSync(words, 'w');
  writeFileSync(join(lane.outside, 'plan.sh'), script);
  const run = spawnSync('bash', [join(lane.outside, 'plan.sh')], { env, stdio: ['ignore', 'ignore', log] });
  closeSync(log);
  const said = readFileSync(words, 'utf8').trim();
  if (run.status !== 0)
    return { name, codes: [], words: said, complaints: [...complaints, `script: ${run.status}`] };
  complaints.push(...(await complaintsOfQemu(join(lane.root, 'run/q.sock'), each, lane)));
  const programs = pidsNaming(lane.root);
  for (let ms = 0; programs.some(isThere) && ms < END_TIMEOUT_MS; ms += 100) await wait(100);
  const left = programs.filter(isThere);
  if (left.length > 0) complaints.push(GOES_ON);
  for (const pid of left) process.kill(pid);
  return { name, codes: [], words: said, complaints };
}

function isThere(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

/** The processes that have a text in their command line. */
function pidsNaming(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => (attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? '').includes(text))
    .map(Number);
}

async function complaintsOfQemu(socket: string, { model }: HelperCase, lane: Lane): Promise<string[]> {
  const connection = connect(socket);
  const qmp = await openQmp(connection, connection);
  if (qmp === null) return ['QEMU does not answer'];
  await qmp.ask('qmp_capabilities');
  const complaints = model === null ? await complaintsOfShares(qmp, lane) : await complaintsOfTpm(qmp, model);
  await qmp.ask('quit').catch(() => {});
  connection.destroy();
  return complaints;
}

async function complaintsOfTpm(qmp: Qmp, model: string): Promise<string[]> {
  const tpms = await qmp.ask<{ readonly model: string }[]>('query-tpm');
  const found = tpms.map((tpm) => tpm.model).join();
  return found === model ? [] : [`its TPM is ${found}`];
}

/** The tags in QEMU, memory that others can map, and a virtiofsd at each directory. */
async function complaintsOfShares(qmp: Qmp, { root }: Lane): Promise<string[]> {
  const devices = devicesOf(await qmp.human('info qtree')).filter(({ type }) => type === 'vhost-user-fs-pci');
  const tags = devices.map(({ children: [inner] }) => inner?.properties.tag).sort();
  const memory = await qmp.ask<{ readonly share: boolean }[]>('query-memdev');
  const pids = pidsNaming(root);
  const wanted = SHARED.map(({ name }) => name).sort();
  return [
    ...(isDeepStrictEqual(tags, wanted) ? [] : [`its shares are ${tags}`]),
    ...(memory.length > 0 && memory.every(({ share }) => share) ? [] : ['its memory is not shared']),
    ...SHARED.map(({ path }) => join(root, path))
      .filter((directory) => !pids.some((pid) => hasRoot(pid, directory)))
      .map((directory) => `no virtiofsd has ${directory}`),
  ];
}
