/** Directories that the guest may write to, and what else of the VM lies in them. */
import t from 'tap';
import { LOG, withKernel } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { DARWIN_INTEL, given, type Host, LINUX, probed, WINDOWS } from '../help/hosts.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

/** Shares after the disk of the base profile; a path that starts with `!` is read-only. */
function shares(...paths: string[]): Change {
  return Object.fromEntries(
    paths.map((path, index) => {
      const readonly = path.startsWith('!');
      const share = { name: `s${index}`, path: path.replace('!', ''), format: 'host-path', readonly };
      return [`storage.disks.${index + 1}`, share];
    }),
  );
}

const overlaps = (index: number) => `warning share-overlaps storage.disks[${index}].path`;
const holds = (index: number) => `warning share-holds-own-file storage.disks[${index}].path`;

t.test('a read-only share in a writable one', (t) => {
  const of = (paths: string[], ...issues: string[]): Row => [paths.join(' '), shares(...paths), ...issues];
  checkRows(t, [
    of(['data', '!data/sub'], overlaps(2)),
    of(['!data/sub', 'data'], overlaps(1)),
    of(['data', '!data'], overlaps(2)),
    of(['data', '!x/../data/a/b'], overlaps(2)),
    of(['data', 'data/a', '!data/a/b'], overlaps(3)),
    of(['data', '!data/a', '!data/b'], overlaps(2), overlaps(3)),
    of(['data', 'data/sub']),
    of(['!data', 'data/sub']),
    of(['!data', '!data/sub']),
    of(['data', '!data2']),
    of(['data/sub', '!data']),
  ]);
});

t.test("a writable share that holds the VM's own files", (t) => {
  const of = (about: string, path: string, change: Change, ...issues: string[]): Row => [
    about,
    { ...shares(path), ...change },
    ...issues,
  ];
  checkRows(t, [
    of('the disk', 'images', {}, holds(1)),
    of('the disk, which is read-only', 'images', { 'storage.disks.0.readonly': true }, holds(1)),
    of('the disk, read-only share', '!images', {}),
    of('everything', '.', { qmp: {}, ...LOG }, holds(1)),
    of('a socket', 'run', { qmp: {} }, holds(1)),
    of('a log', 'logs', LOG, holds(1)),
    of('a kernel', 'boot', withKernel({}), holds(1)),
    of('an initrd', 'boot', withKernel({ bzimage: 'k', initrd: 'boot/i' }), holds(1)),
    of('QEMU', 'bin', { 'vm.qemu_binary': '/srv/lab/bin/qemu-kvm' }, holds(1)),
    of('QEMU by its name', 'bin', {}),
    of('a kernel that is disabled', 'boot', { kernel: { enabled: false, bzimage: 'boot/k' } }),
    of('a neighbour', 'image', {}),
  ]);
});

t.test('a directory that shows a password', (t) => {
  const shows = (field: string) => `warning share-shows-password-file ${field}`;
  const spice = {
    schema_version: 2,
    display: { mode: 'spice', port: 5901, password_file: 'keys/spice' },
    'devices.rng': true,
  };
  const of = (about: string, change: Change, ...issues: string[]): Row => [
    about,
    { ...spice, ...change },
    ...issues,
  ];
  const share = (path: string, readonly: boolean): Change => ({ shares: [{ name: 's', path, readonly }] });
  const encryption = { key_file: 'keys/disk' };
  const disk = { name: 'd', path: 'd', format: 'qcow2', encryption };
  checkRows(t, [
    of('of the display', share('keys', true), shows('shares[0].path')),
    of(
      'of a disk',
      { ...share('keys', true), display: {}, 'storage.disks.0': disk },
      shows('shares[0].path'),
    ),
    of(
      'by TFTP',
      { 'network.interfaces': [{ name: 'n', type: 'user', tftp: 'keys' }] },
      shows('network.interfaces[0].tftp'),
    ),
    of(
      'and may be written',
      share('keys', false),
      'warning share-holds-own-file shares[0].path',
      shows('shares[0].path'),
    ),
    of('elsewhere', share('data', true)),
    of('a disk that has no password', { ...share('images', true), display: {} }),
  ]);
});

t.test('what is said of shares', (t) => {
  const [first, second] = checkIssues(
    t,
    changed({ ...shares('.', '!data'), qmp: {} }),
    [holds(1), overlaps(2)],
    'both',
  );
  t.equal(
    first?.message,
    `storage.disks[1].path is ".", which the guest may write to, and storage.disks[0].path lies in it, with 1 more of the VM's own files.`,
  );
  t.equal(
    second?.message,
    'storage.disks[2].path is "data", which is read-only and lies in storage.disks[1].path, through which the guest may write to it.',
  );
  t.end();
});

t.test('shares by the rules of each system, and by their real paths', (t) => {
  const of = (about: string, change: Change, host: Host, ...issues: string[]) =>
    checkIssues(t, changed({ ...LOG, ...change }), issues, about, host);
  of('case on darwin', shares('DATA', '!data/sub'), given(DARWIN_INTEL), overlaps(2));
  of('case on Linux', shares('DATA', '!data/sub'), given(LINUX));
  of(
    'shares on windows',
    shares('Images'),
    given(WINDOWS),
    'error host-lacks-backend storage.disks[1].format',
    holds(1),
  );
  const seen = (realPath: string) => ({ kind: 'directory', realPath }) as const;
  const paths = { '/srv/lab/a': seen('/srv/lab/data'), '/srv/lab/b': seen('/srv/lab/data/sub') };
  of('links', shares('a', '!b'), probed(LINUX, { paths }), overlaps(2));
  const apart = { '/srv/lab/a': seen('/srv/lab/a'), '/srv/lab/a/b': seen('/srv/lab/other') };
  of('a link that leads out', shares('a', '!a/b'), probed(LINUX, { paths: apart }));
  t.end();
});
