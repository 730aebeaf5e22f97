/** The profiles that people start from: each is planned, for a given host and where its files are. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { newLab } from './help/app.ts';
import { iso, qcow2 } from './help/images.ts';
import { fromToml, type Issue, plannedOf } from './help/plans.ts';
import { hostOfShipped, SHIPPED, shippedText } from './help/shipped_profiles.ts';

/** The warnings that a profile brings on purpose; its comments say so. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  'bridged-lab': [
    'host-network-setup network.interfaces[1].type',
    'host-network-setup network.interfaces[2].type',
  ],
  'kernel-debug': ['gdb-is-full-control debug.gdb_socket'],
  'network-boot': ['host-network-setup network.interfaces[0].type'],
  'macos-shared': ['host-network-setup network.interfaces[0].type'],
  'kernel-dev': ['outside-project-root storage.disks[1].path'],
};

/** Which of the host's firmware is taken, and whether virtiofsd is there, hangs on the machine that tests run on. */
const HERE = SHIPPED.filter((name) => !/^type = "(?:uefi|virtiofs)"/m.test(shippedText(name)));

function warningsOf(issues: readonly Issue[]): string[] {
  // The machine that tests run on may be smaller than these profiles are for, and have no huge pages free.
  return issues
    .filter(({ severity, code }) => severity === 'warning' && !/-over-host$|^huge-pages-short$/.test(code))
    .map(({ code, field }) => `${code} ${field}`);
}

t.test('for the host that each is for', async (t) => {
  const { post } = await newLab(t);
  t.ok(SHIPPED.length >= 22, `there are ${SHIPPED.length}`);
  for (const name of SHIPPED) {
    const answer = await post('/plans/start', { profile_toml: shippedText(name), host: hostOfShipped(name) });
    t.equal(answer.statusCode, 200, name);
    const { metadata, status } = answer.json();
    t.equal(metadata.profile_name, name, `${name} is called like its file`);
    t.strictSame(warningsOf(metadata.validation_warnings), MEANT[name] ?? [], `${name}: warnings`);
    t.equal(status, MEANT[name] === undefined ? 'validated' : 'draft', `${name}: status`);
  }
});

t.test('no two of them are in each other’s way', async (t) => {
  const { post } = await newLab(t);
  const requests = SHIPPED.map((name) => ({
    profile_toml: shippedText(name),
    host: hostOfShipped(name),
  }));
  const { hosts } = (await post('/plans/fleet', { plans: false, requests })).json();
  const conflicts = hosts.flatMap(({ conflicts }: { conflicts: Issue[] }) => conflicts);
  t.strictSame(
    conflicts.filter(({ severity }: Issue) => severity === 'error').map(({ message }: Issue) => message),
    [],
  );
});

// Near the root of the repository, because the path of a socket has at most 107 bytes.
const base = mkdtempSync(fileURLToPath(new URL('../logs/p-', import.meta.url)));
t.teardown(() => rmSync(base, { recursive: true }));
const root = join(base, 'lab');
const isTooDeep = join(root, 'run/serial-socket.serial.sock').length > 107;

t.test('by name, where their files are', { skip: isTooDeep && 'the repository is too deep' }, async (t) => {
  makeHost();
  const { get, post } = await newLab(
    t,
    {},
    {
      host: {
        machine: { os: 'linux', arch: 'x86_64' },
        projectRoot: root,
        strictPaths: false,
        searchPath: [join(base, 'bin')],
        kvmDevice: join(base, 'kvm'),
      },
      profileDirectories: [{ scope: 'profiles', path: join(root, 'profiles') }],
    },
  );
  const { profiles, problems } = (await get('/profiles')).json();
  t.strictSame(problems, []);
  t.strictSame(
    profiles.map(({ name, valid }: { name: string; valid: boolean }) => [name, valid]),
    HERE.map((name) => [name, true]),
    'all are found and valid',
  );
  for (const name of HERE) {
    const answer = await post('/plans/start', { profile_name: name });
    t.equal(answer.statusCode, 200, name);
    const { metadata, commands } = answer.json();
    t.strictSame(warningsOf(metadata.validation_warnings), MEANT[name] ?? [], `${name}: warnings`);
    t.equal(metadata.host_facts, 'probed', `${name}: this host was looked at`);
    t.match(commands.at(-1).argv[0], /\/bin\/qemu-system-[a-z0-9_]+$/, `${name}: the binary was found`);
    const given = (
      await post('/plans/start', { profile_toml: shippedText(name), host: hostOfShipped(name) })
    ).json();
    t.equal(metadata.profile_hash, given.metadata.profile_hash, `${name}: the same hash everywhere`);
    const { findings } = (await get(`/doctor?profile=${name}&category=qemu,storage,kernel,sockets`)).json();
    const bad = findings.filter(({ severity }: { severity: string }) => /error|critical/.test(severity));
    t.strictSame(bad, [], `${name}: the doctor finds its binary and its files`);
  }
});

/** A project with the profiles and every file that they name, a kernel tree beside it, QEMU, and kvm. */
function makeHost(): void {
  for (const folder of ['lab/profiles', 'lab/images', 'lab/boot', 'lab/run', 'lab/logs', 'linux', 'bin'])
    mkdirSync(join(base, folder), { recursive: true });
  for (const name of HERE) {
    writeFileSync(join(root, 'profiles', `${name}.toml`), shippedText(name));
    const { storage, kernel } = plannedOf(fromToml(shippedText(name))).profile;
    for (const { path, format, base } of storage.disks) {
      if (format === 'host-path') continue;
      writeFileSync(
        join(root, path),
        format === 'qcow2'
          ? qcow2(base && { backing: join(root, base.path), backingFormat: base.format })
          : Buffer.alloc(4096),
      );
      if (base !== undefined) writeFileSync(join(root, base.path), qcow2());
    }
    const drives = storage.cdroms.map(({ path }) => path);
    for (const path of [storage.seed?.path, ...drives])
      if (path !== undefined) writeFileSync(join(root, path), iso('cidata'));
    for (const path of [kernel.bzimage, kernel.initrd])
      if (path !== undefined) writeFileSync(join(root, path), Buffer.alloc(4096));
  }
  for (const arch of ['x86_64', 'aarch64', 'riscv64', 'ppc64'])
    writeFileSync(join(base, 'bin', `qemu-system-${arch}`), '#!/bin/false\n', { mode: 0o755 });
  writeFileSync(join(base, 'kvm'), '');
}
