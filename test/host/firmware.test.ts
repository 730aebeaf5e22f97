/** The firmware of this host: descriptions as distributions ship them, and what a flash image is. */
import { chmodSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readFirmware } from '../../src/host/firmware_descriptors.ts';
import { readFlash } from '../../src/host/flash_image.ts';
import { lookAround, probeHost } from '../../src/host/probe_host.ts';
import { probePath } from '../../src/host/probe_path.ts';
import { SYSTEM_FILES } from '../../src/host/system_files.ts';
import { changed } from '../help/documents.ts';
import { LINUX } from '../help/hosts.ts';
import { draftOf } from '../help/plans.ts';
import { folderOf, OWNS_ALL, onLinux, settingsOf, UNREADABLE_FILE } from '../help/this_host.ts';

interface Described {
  readonly code?: unknown;
  readonly vars?: unknown;
  readonly features?: readonly string[];
  readonly targets?: unknown;
  readonly more?: object;
  readonly mapping?: object;
}

const Q35 = [{ architecture: 'x86_64', machines: ['pc-q35-*'] }];

function descriptor({ code, vars, features = [], targets = Q35, more, mapping }: Described): string {
  return JSON.stringify({
    description: 'UEFI',
    'interface-types': ['uefi'],
    mapping: {
      device: 'flash',
      executable: { filename: code, format: 'raw' },
      'nvram-template': { filename: vars, format: 'raw' },
      ...mapping,
    },
    targets,
    features,
    tags: [],
    ...more,
  });
}

t.test(
  'descriptions are read in the order of their names, and an earlier directory hides a later one',
  async (t) => {
    const root = folderOf(t, { 'CODE.fd': 'x', 'VARS.fd': 'x', own: {}, shared: {}, 'a-directory': {} });
    const files = { code: join(root, 'CODE.fd'), vars: join(root, 'VARS.fd') };
    const write = (name: string, described: Described): void =>
      writeFileSync(join(root, name), descriptor({ ...files, ...described }));
    const firmware = {
      arch: 'x86_64',
      code: files.code,
      code_format: 'raw',
      machines: ['pc-q35-*'],
      secure_boot: false,
      vars_format: 'raw',
      vars_template: files.vars,
    };
    write('shared/60-plain.json', {});
    write('shared/50-secure.json', { features: ['secure-boot', 'requires-smm', 'enrolled-keys'] });
    write('shared/70-hidden.json', {});
    write('shared/55-arm.json', {
      features: ['secure-boot'],
      targets: [
        { architecture: 'aarch64', machines: ['virt-*'] },
        { architecture: 'arm', machines: ['virt-*'] },
        { architecture: 'aarch64', machines: ['virt'] },
      ],
    });
    writeFileSync(join(root, 'own/70-hidden.json'), '');
    writeFileSync(
      join(root, 'own/45-qcow2.json'),
      descriptor({
        ...files,
        mapping: { executable: { filename: files.code, format: 'qcow2' } },
      }),
    );
    t.strictSame(await readFirmware([join(root, 'own'), join(root, 'shared'), join(root, 'nowhere')]), [
      { ...firmware, code_format: 'qcow2' },
      { ...firmware, secure_boot: true },
      { ...firmware, arch: 'aarch64', machines: ['virt-*', 'virt'], secure_boot: true },
      firmware,
    ]);
  },
);

t.test('what is no pair of flash images for these machines is left out', async (t) => {
  const root = folderOf(t, { 'CODE.fd': 'x', 'VARS.fd': 'x', described: { 'x.txt': '{}' } });
  const files = { code: join(root, 'CODE.fd'), vars: join(root, 'VARS.fd') };
  const texts = [
    '',
    'null',
    '[]',
    '{',
    descriptor({ ...files, code: join(root, 'MISSING.fd') }),
    descriptor({ ...files, vars: root }),
    descriptor({ ...files, code: 'CODE.fd' }),
    descriptor({ ...files, code: 1 }),
    descriptor({ ...files, features: ['secure-boot'] }),
    descriptor({ ...files, features: ['requires-smm'] }),
    descriptor({ ...files, targets: [{ architecture: 'i386', machines: ['pc'] }] }),
    descriptor({ ...files, targets: 'all' }),
    descriptor({ ...files, more: { 'interface-types': ['bios'] } }),
    descriptor({ ...files, mapping: { device: 'memory', filename: files.code } }),
    descriptor({ ...files, mapping: { 'nvram-template': undefined } }),
    descriptor({ ...files, mapping: { executable: { filename: files.code, format: 'vdi' } } }),
    `${' '.repeat(100_000)}${descriptor(files)}`,
  ];
  for (const [index, text] of texts.entries())
    writeFileSync(join(root, 'described', `${10 + index}.json`), text);
  symlinkSync('nowhere', join(root, 'described', '99.json'));
  t.strictSame(await readFirmware([join(root, 'described')]), []);
});

t.test('what a flash image is', async (t) => {
  const root = folderOf(t, { 'raw.fd': 'x'.repeat(5000), empty: '', directory: {} });
  const flashOf = async (name: string) => (await probePath(join(root, name), 'flash', LINUX, OWNS_ALL)).flash;
  const volume = (guid: string, signature = '_FVH'): Buffer => {
    const bytes = Buffer.alloc(4096);
    bytes.write(guid, 16, 'hex');
    bytes.write(signature, 40);
    return bytes;
  };
  const qcow2 = Buffer.alloc(512);
  qcow2.write('QFI\xfb', 'latin1');
  qcow2.writeUInt32BE(3, 4);
  qcow2.writeBigUInt64BE(67108864n, 24);
  writeFileSync(join(root, 'code.fd'), volume('78e58c8c3d8a1c4f9935896185c32dd3'));
  writeFileSync(join(root, 'vars.fd'), volume('8d2bf1ff96768b4ca9852747075b4f50'));
  writeFileSync(join(root, 'other.fd'), volume('00'));
  writeFileSync(join(root, 'unsigned.fd'), volume('8d2bf1ff96768b4ca9852747075b4f50', '____'));
  writeFileSync(join(root, 'flash.qcow2'), qcow2);
  writeFileSync(join(root, 'cut.qcow2'), qcow2.subarray(0, 20));
  writeFileSync(join(root, 'disk.vmdk'), 'KDMV');
  truncateSync(join(root, 'disk.vmdk'), 1000);
  t.strictSame(await flashOf('raw.fd'), { format: 'raw', bytes: 5000, holds: null });
  t.strictSame(await flashOf('empty'), { format: 'raw', bytes: 0, holds: null });
  t.strictSame(await flashOf('code.fd'), { format: 'raw', bytes: 4096, holds: 'code' });
  t.strictSame(await flashOf('vars.fd'), { format: 'raw', bytes: 4096, holds: 'vars' });
  t.strictSame(await flashOf('other.fd'), { format: 'raw', bytes: 4096, holds: null });
  t.strictSame(await flashOf('unsigned.fd'), { format: 'raw', bytes: 4096, holds: null });
  t.strictSame(await flashOf('flash.qcow2'), { format: 'qcow2', bytes: 67108864, holds: null });
  t.strictSame(await flashOf('disk.vmdk'), { format: 'vmdk', bytes: 1000, holds: null });
  t.equal(await flashOf('cut.qcow2'), null);
  t.equal(await flashOf('directory'), null);
  t.equal(await flashOf('missing'), null);
  t.equal(
    (await probePath(join(root, 'raw.fd'), 'file', LINUX, OWNS_ALL)).flash,
    null,
    'only where it is asked for',
  );
});

t.test('a flash image that cannot be read', onLinux, async (t) => {
  t.equal(await readFlash(UNREADABLE_FILE), null);
});

t.test('firmware is looked for where a profile asks for it, and then its files are looked at', async (t) => {
  const root = folderOf(t, {
    'CODE.fd': 'code',
    'VARS.fd': 'vars',
    described: {},
    images: { 'lab.vars.fd': 'copied' },
  });
  const files = { code: join(root, 'CODE.fd'), vars: join(root, 'VARS.fd') };
  writeFileSync(join(root, 'described', '60.json'), descriptor(files));
  chmodSync(join(root, 'VARS.fd'), 0o444);
  const system = { ...SYSTEM_FILES, firmware: [join(root, 'described')] };
  const look = (change: object) =>
    probeHost(
      draftOf(changed({ schema_version: 2, ...change })),
      settingsOf(root),
      lookAround(settingsOf(root), system),
    );
  const { facts, probed } = await look({ 'firmware.type': 'uefi' });
  t.match(facts, { firmware: [{ code: files.code }] });
  t.ok(Number(facts.cpus) >= 1 && Number(facts.memory_mb) >= 1, 'how large the host is');
  t.equal(probed?.paths.get(files.code)?.flash?.bytes, 4);
  t.equal(probed?.paths.get(join(root, 'images/lab.vars.fd'))?.flash?.bytes, 6);
  t.equal((await look({})).facts.firmware, undefined);
  t.equal((await look({ schema_version: 1, 'firmware.type': 'uefi' })).facts.firmware, undefined);
});
