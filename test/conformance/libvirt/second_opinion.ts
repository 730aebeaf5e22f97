/**
 * A second opinion: the argv that libvirt writes for an equivalent domain means the same. Not part of CI.
 * `npx tsc -p test/conformance && node logs/conformance/build/test/conformance/libvirt/second_opinion.js`;
 * needs Debian's libvirt-clients and libvirt-daemon-driver-qemu.
 */
import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { HostFacts } from '../../../src/facts/host_facts.ts';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { type Intent, intentOf } from '../compare/intent.ts';
import { startService } from '../service.ts';
import { BINARIES, findProgram, LOGS } from '../settings.ts';
import { disk, share, small } from '../small_profile.ts';
import { domainXml, hasCpu } from './domain_xml.ts';
import { type Meaning, meaningOf, shellWords } from './meaning.ts';

const FOLDER = join(LOGS, 'libvirt');
const ROOT = join(FOLDER, 'p=1,r');
const NOBODY = 65534;
const FACTS: HostFacts = { os: 'linux', arch: 'x86_64', accelerators: [], project_root: ROOT };

const PROFILES: readonly ProfileDocument[] = [
  small('x86_64'),
  small('x86_64', { hardware: { cores: 255, memory_mb: 65536 } }),
  small('x86_64', { hardware: { cpu: 'qemu64', memory_mb: 257 } }),
  small('aarch64', { hardware: { cpu: 'cortex-a72', cores: 4 } }),
  small('ppc64le', { hardware: { cpu: 'POWER9', cores: 3, memory_mb: 768 } }),
  small('riscv64', { hardware: { cores: 2 } }),
  small('x86_64', {
    storage: { disks: [disk(0, { format: 'qcow2', readonly: true }), disk(1), disk(2, { format: 'vmdk' })] },
  }),
  small('x86_64', { storage: { disks: [disk(0), disk(1, { format: 'vdi' }), disk(2, { boot: true })] } }),
  small('x86_64', {
    storage: {
      disks: [
        disk(0, { path: 'i/a,,b=c d\'"\\é🐧.img' }),
        share(1, { path: 's/x,y', readonly: true }),
        share(2),
      ],
    },
  }),
  small('x86_64', { serial: { enabled: true, mode: 'socket', device: 'r/a,b=c.sock' } }),
  small('aarch64', { serial: { enabled: true, mode: 'file', logfile: 'l/serial log' } }),
  small('x86_64', {
    kernel: { enabled: true, bzimage: 'b/k,1', initrd: join(LOGS, 'initrd'), append: 'a=1,2 "b c" \\' },
  }),
  small('ppc64le', { kernel: { enabled: true, bzimage: 'b/vmlinux', append: 'console=hvc0' } }),
];

async function main(): Promise<boolean> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(ROOT, { recursive: true });
  if (process.getuid?.() === 0) chownSync(FOLDER, NOBODY, NOBODY);
  const service = await startService('libvirt', ROOT, String(process.env.PATH));
  let failed = 0;
  for (const [index, profile] of PROFILES.entries()) {
    const answer = await service.argv({ profile }, FACTS);
    const problem =
      'refusal' in answer ? 'the service refuses it' : differences(answer.body.argv, intentOf(profile, ROOT));
    if (problem !== '') failed++;
    process.stdout.write(
      `${problem === '' ? 'alike    ' : 'different'} ${index} ${JSON.stringify(profile)}${problem}\n`,
    );
  }
  service.stop();
  process.stdout.write(`${PROFILES.length - failed} passed, ${failed} failed\n`);
  return failed === 0;
}

function differences(argv: readonly string[], intent: Intent): string {
  const ours = meaningOf(argv);
  const theirs = meaningOf(libvirtArgv(intent));
  const fields = (Object.keys(ours) as (keyof Meaning)[]).filter(
    (field) => field !== 'cpu' || hasCpu(intent),
  );
  return fields
    .filter((field) => !isDeepStrictEqual(ours[field], theirs[field]))
    .map(
      (field) =>
        `\n  ${field}: ours ${JSON.stringify(ours[field])}, libvirt's ${JSON.stringify(theirs[field])}`,
    )
    .join('');
}

/** libvirt does not start anything here; it is asked as a user without any rights. */
function libvirtArgv(intent: Intent): string[] {
  const file = join(FOLDER, 'domain.xml');
  writeFileSync(file, domainXml(intent, findProgram(BINARIES[intent.arch], String(process.env.PATH)) ?? ''));
  const virsh = [
    'virsh',
    '--quiet',
    '-c',
    `qemu:///embed?root=${join(FOLDER, 'root')}`,
    'domxml-to-native',
    'qemu-argv',
    '--xml',
    file,
  ];
  const drop =
    process.getuid?.() === 0 ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : [];
  const [program = '', ...args] = [...drop, ...virsh];
  const environment = { PATH: process.env.PATH, HOME: FOLDER, XDG_RUNTIME_DIR: FOLDER, LC_ALL: 'C.UTF-8' };
  const { status, stdout, stderr } = spawnSync(program, args, { env: environment, encoding: 'utf8' });
  if (status !== 0) throw new Error(`libvirt: ${stderr}`);
  return shellWords(stdout);
}

process.exit((await main()) ? 0 : 1);
