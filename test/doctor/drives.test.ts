/** Findings about the drives of version 2: bases that are named, keys, block devices, images that are to be created. */
import t from 'tap';
import { disk } from '../help/changes.ts';
import { ABSENT, type Change } from '../help/documents.ts';
import type { ProbedPath } from '../help/hosts.ts';
import { directoryAt, MISSING } from '../help/hosts.ts';
import { headerOf, named } from '../help/images.ts';
import { at, findingOf, type Look, reportOn, type Seen } from '../help/machines.ts';
import { checkProfiles, linesOf, remedyOf, seen } from '../help/reports.ts';

const V2: Change = { schema_version: 2 };
const GIB = 1024 ** 3;
const ROOT = 'images/root.qcow2';
const BASE = { path: 'images/base.raw', format: 'raw' };
const OVERLAY: Change = { ...V2, 'storage.disks.0.base': BASE };
const on = (text: string): Seen => ({ header: headerOf('qcow2', { names: [named('backing', text)] }) });
const GONE: Seen = { ...at('missing'), header: null };
const look = (root: Seen, base: Seen = {}): Look => ({ files: { [ROOT]: root, 'images/base.raw': base } });

t.test('bases', (t) => {
  checkProfiles(t, [
    ['named by both', OVERLAY, look(on('base.raw'))],
    [
      'by another name',
      OVERLAY,
      {
        files: {
          [ROOT]: on('/srv/lab/link.raw'),
          'images/base.raw': {},
          '/srv/lab/link.raw': { realPath: '/srv/lab/images/base.raw' },
        },
      },
    ],
    ['another one', OVERLAY, look(on('other.raw')), 'warning storage disk-base-differs:root'],
    [
      'none in the header',
      OVERLAY,
      look({ header: headerOf('qcow2') }),
      'warning storage disk-base-differs:root',
    ],
    [
      'one that is no path',
      OVERLAY,
      look({
        header: headerOf('qcow2', { names: [named('backing', 'nbd:x', { path: null })] }),
      }),
      'warning storage disk-base-differs:root',
    ],
    ['none in the profile', V2, look(on('base.raw')), 'error storage disk-base-undeclared:root'],
    ['not read', OVERLAY, look({ header: null }), 'warning storage disk-unreadable:root'],
  ]);
});

t.test('what to write for a base that is not named', (t) => {
  const undeclared = (header: Seen) =>
    findingOf(reportOn(V2, look(header)), 'disk-base-undeclared:root').description;
  t.match(undeclared(on('base.raw')), /Write base = \{ path = "base\.raw", format = "raw" \}/);
  const unsaid = headerOf('qcow2', { names: [named('backing', 'base.raw', { format: null })] });
  t.match(undeclared({ header: unsaid }), /Write base = \{ path = "base\.raw" \}/);
  const noPath = headerOf('qcow2', { names: [named('backing', 'nbd:x', { path: null })] });
  t.match(
    undeclared({ header: noPath }),
    /Make an image of it that needs no other file with "qemu-img convert"\./,
  );
  t.end();
});

t.test('a data file is refused, as no key can name one', (t) => {
  const header = headerOf('qcow2', { names: [named('data', '/srv/lab/images/d.raw')] });
  checkProfiles(t, [
    [
      'there',
      V2,
      { files: { [ROOT]: { header }, '/srv/lab/images/d.raw': { header: headerOf('unknown') } } },
      'error storage disk-names-file:root:1',
    ],
  ]);
});

t.test('keys', (t) => {
  const locked = headerOf('qcow2', {
    fault: { code: 'image-encrypted', says: 'is encrypted', whenRead: 'error' },
  });
  const KEY: Change = { ...V2, 'storage.disks.0.encryption': { key_file: 'keys/root' } };
  const found = 'info storage key-found:root';
  checkProfiles(t, [
    ['of an encrypted image', KEY, { files: { [ROOT]: { header: locked } } }, found],
    ['of one that is not', KEY, {}, 'error storage image-not-encrypted:root', found],
    [
      'that is not there',
      KEY,
      { files: { [ROOT]: { header: locked }, 'keys/root': at('missing') } },
      'error storage key-missing:root',
    ],
    [
      'that is empty, and that others can read',
      KEY,
      { files: { [ROOT]: { header: locked }, 'keys/root': { bytes: 0, mode: 0o644 } } },
      'warning storage secret-file-empty:root',
      'warning storage secret-file-mode:root',
      found,
    ],
    [
      'that cannot be read',
      KEY,
      { files: { [ROOT]: { header: locked }, 'keys/root': { isReadable: false } } },
      'warning storage key-unreadable:root',
    ],
    [
      'that cannot be seen',
      KEY,
      { files: { [ROOT]: { header: locked }, 'keys/root': at('unreadable') } },
      'warning storage key-unreadable:root',
    ],
    [
      'that is a directory',
      KEY,
      { files: { [ROOT]: { header: locked }, 'keys/root': at('directory') } },
      'error storage key-not-a-file:root',
    ],
    ['without a key', V2, { files: { [ROOT]: { header: locked } } }, 'error storage image-encrypted:root'],
  ]);
});

t.test('raw images that are encrypted as a whole', (t) => {
  const of = (more: object): Change => ({
    ...V2,
    'storage.disks': [disk('root', { path: 'a.raw', format: 'raw', size_gb: 1, ...more })],
  });
  const raw = of({});
  const withKey = of({ encryption: { key_file: 'keys/root' } });
  const luks = { files: { 'a.raw': { header: headerOf('luks', { virtualSize: 2 ** 30 + 2 ** 21 }) } } };
  const plain = { files: { 'a.raw': { header: headerOf('unknown', { virtualSize: 2 ** 30 }) } } };
  const key = 'info storage key-found:root';
  checkProfiles(t, [
    ['with its key', withKey, luks, key],
    ['a key of none', withKey, plain, 'error storage image-not-encrypted:root', key],
    [
      'a key of another',
      withKey,
      { files: { 'a.raw': { header: headerOf('vdi') } } },
      'error storage disk-format-mismatch:root',
      key,
    ],
    ['the guest has the key', raw, luks, 'info storage disk-size-differs:root'],
    ['nobody needs one', raw, plain],
  ]);
});

t.test('media of drives', (t) => {
  const cd: Change = { ...V2, 'storage.cdroms': [{ name: 'cd', path: 'a.iso' }] };
  const seed: Change = { ...V2, 'storage.seed.path': 'a.iso' };
  const is = (medium: ProbedPath['medium']): Look => ({ files: { 'a.iso': { kind: 'file', medium } } });
  const [found, made] = ['info storage cdrom-found:cd', 'info storage seed-found'];
  const had = (...bytes: number[]): Look => ({
    files: { 'a.iso': { kind: 'file', medium: null, id: '1:2' } },
    imageLocks: bytes.map((byte) => ({ id: '1:2', firstByte: byte, lastByte: byte })),
  });
  checkProfiles(t, [
    ['an ISO image', cd, is({ is: 'iso9660', label: 'X' }), found],
    ['a DVD', cd, is({ is: 'udf', label: null }), found],
    ['something else', cd, is({ is: 'vfat', label: 'X' }), 'warning storage cdrom-not-iso:cd'],
    ['not looked at', cd, is(null), found],
    ['a seed', seed, is({ is: 'iso9660', label: 'CIDATA' }), made],
    ['another label', seed, is({ is: 'vfat', label: 'seed' }), 'warning storage seed-label-missing'],
    ['nothing', seed, is({ is: 'other', label: null }), 'warning storage seed-label-missing'],
    ['a DVD as seed', seed, is({ is: 'udf', label: null }), 'warning storage seed-label-missing'],
    ['a disc that a VM reads', cd, had(100, 201), found],
    ['a disc that a VM has as a disk', cd, had(101, 201), found, 'warning storage cdrom-in-use:cd'],
    ['a seed that a VM writes to', seed, had(101, 201), made, 'warning storage seed-in-use'],
  ]);
});

t.test('floppy disks', (t) => {
  const floppy: Change = { ...V2, 'storage.floppies': [{ name: 'a', path: 'a.img' }] };
  const of = (bytes: number | null): Look => ({
    files: { 'a.img': { kind: 'file', bytes, header: headerOf('unknown') } },
  });
  checkProfiles(t, [
    ['of 2.88 MB', floppy, of(2949120), 'info storage disk-found:a'],
    ['a larger one', floppy, of(2949121), 'error storage floppy-too-large:a'],
    ['nobody knows', floppy, of(null), 'info storage disk-found:a'],
  ]);
});

t.test('block devices', (t) => {
  const DEVICE: Change = {
    ...V2,
    'storage.disks': [disk('vol', { path: '/dev/vg/lv', format: 'block-device', readonly: true })],
  };
  const WRITTEN: Change = {
    ...V2,
    'storage.disks': [disk('vol', { path: '/dev/vg/lv', format: 'block-device' })],
  };
  const is = (device: Seen): Look => ({ files: { '/dev/vg/lv': device } });
  checkProfiles(t, [
    ['there', DEVICE, is({ kind: 'other', realPath: '/dev/dm-0' }), 'info storage device-found:vol'],
    [
      'mounted',
      DEVICE,
      { ...is({ kind: 'other' }), devices: { blocks: new Map([['/dev/vg/lv', ['mounted at /srv']]]) } },
      'info storage device-found:vol',
      'warning storage device-in-use:vol',
    ],
    [
      'mounted, and written',
      WRITTEN,
      { ...is({ kind: 'other' }), devices: { blocks: new Map([['/dev/vg/lv', ['mounted at /srv']]]) } },
      'info storage device-found:vol',
      'error storage device-in-use:vol',
      'warning profile profile-block-device-writable:storage.disks[0].path',
    ],
    [
      'not to be read',
      DEVICE,
      is({ kind: 'other', isReadable: false }),
      'warning storage device-no-permission:vol',
    ],
    ['only to be read', DEVICE, is({ kind: 'other', isWritable: false }), 'info storage device-found:vol'],
    [
      'only to be read, and written',
      WRITTEN,
      is({ kind: 'other', isWritable: false }),
      'warning storage device-no-permission:vol',
      'warning profile profile-block-device-writable:storage.disks[0].path',
    ],
    [
      'of another VM',
      DEVICE,
      {
        ...is({ kind: 'other', id: '1:2' }),
        imageLocks: [{ id: '1:2', firstByte: 101, lastByte: 101 }],
      },
      'info storage device-found:vol',
      'warning storage device-locked:vol',
    ],
    ['not there', DEVICE, is(at('missing')), 'error storage device-missing:vol'],
    ['a file', DEVICE, is(at('file')), 'error storage device-not-a-device:vol'],
    ['not to be seen', DEVICE, is(at('unreadable')), 'warning storage device-unreadable:vol'],
    ['not looked at', DEVICE, { unseen: ['/dev/vg/lv'] }],
  ]);
});

t.test('the image for cloud-init', (t) => {
  const sources = { user_data: 'user-data', meta_data: 'meta-data' };
  const SEED = { ...V2, 'storage.seed': { path: 'seed.iso', ...sources } };
  const FOUND = ['info storage seed-found', 'info storage user-data-found', 'info storage meta-data-found'];
  const is = (files: Readonly<Record<string, Seen>>) => ({ files });
  checkProfiles(t, [
    ['there', SEED, {}, ...FOUND],
    [
      'to be made',
      SEED,
      is({ 'seed.iso': at('missing') }),
      'warning storage seed-missing +',
      ...FOUND.slice(1),
    ],
    [
      'made of nothing that is known',
      { ...V2, 'storage.seed': { path: 'seed.iso' } },
      is({ 'seed.iso': at('missing') }),
      'error storage seed-missing',
    ],
    [
      'to be made of what is not there',
      SEED,
      is({ 'seed.iso': at('missing'), 'user-data': at('missing') }),
      'warning storage seed-missing +',
      'error storage user-data-missing',
      'info storage meta-data-found',
    ],
    [
      'there, and what it was made of is not',
      SEED,
      is({ 'user-data': at('missing'), 'meta-data': { isReadable: false } }),
      'info storage seed-found',
      'info storage user-data-missing',
      'warning storage meta-data-unreadable',
    ],
    [
      'made of what cannot be seen',
      SEED,
      is({ 'user-data': at('unreadable') }),
      'info storage seed-found',
      'warning storage user-data-unreadable',
      'info storage meta-data-found',
    ],
  ]);
});

t.test('an overlay is created on its base', (t) => {
  const missing = look({ ...GONE, directory: directoryAt('/srv/lab/images', MISSING) });
  const plan = remedyOf(seen(reportOn(OVERLAY, missing)), 'disk-missing:root');
  t.strictSame(linesOf(plan), [
    'mkdir -p -- /srv/lab/images',
    "test '!' -e /srv/lab/images/root.qcow2",
    'qemu-img create -f qcow2 -b /srv/lab/images/base.raw -F raw -- /srv/lab/images/root.qcow2',
  ]);
  t.match(plan, { title: 'Create the disk root (qcow2)', description: /a qcow2 overlay of "/ });
  const sized = { ...OVERLAY, 'storage.disks.0.size_gb': 8 };
  t.match(linesOf(remedyOf(seen(reportOn(sized, missing)), 'disk-missing:root'))[2], / 8G$/);
  const large = look(GONE, { header: headerOf('unknown', { virtualSize: 9 * GIB }) });
  checkProfiles(t, [
    [
      'smaller than its base',
      sized,
      large,
      'error storage disk-size-under-base:root',
      'warning storage disk-missing:root +',
    ],
    [
      'as large as its base',
      { ...sized, 'storage.disks.0.size_gb': 9 },
      large,
      'warning storage disk-missing:root +',
    ],
    [
      'neither size nor base',
      { ...V2, 'storage.disks.0.base': ABSENT },
      look(GONE),
      'error storage disk-missing:root',
    ],
  ]);
});

t.test('raw images that are written past the cache', (t) => {
  const raw = (more: object): Change => ({
    ...V2,
    'storage.disks.0': disk('root', { path: ROOT, format: 'raw', cache: 'none', ...more }),
  });
  const is = (bytes: number | null): Look => ({ files: { [ROOT]: { header: headerOf('unknown'), bytes } } });
  const unaligned = 'warning storage disk-size-unaligned:root';
  checkProfiles(t, [
    ['whole blocks', raw({}), is(8192)],
    ['whole sectors', raw({}), is(8192 + 512), unaligned],
    ['as good as whole', raw({}), is(8191)],
    ['hardly begun', raw({}), is(8193), unaligned],
    ['of an unknown length', raw({}), is(null)],
    ['that is read', raw({ readonly: true }), is(513)],
    ['through the cache', raw({ cache: 'writeback' }), is(513)],
    [
      'of another format',
      raw({ format: 'qcow2' }),
      { files: { [ROOT]: { header: headerOf('qcow2'), bytes: 513 } } },
    ],
  ]);
});
