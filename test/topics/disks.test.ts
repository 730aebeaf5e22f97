/** Disks and shares: which may stand together, which image may be shared, and what a look at one shows. */
import t from 'tap';
import { argvOf, valuesOf } from '../help/argv.ts';
import { AT_DISK, DISK, disk, LOG, ROOT_IMAGE, share, withKernel } from '../help/changes.ts';
import { ABSENT, type Change, changed } from '../help/documents.ts';
import { DARWIN_INTEL, given, type ProbedPath, seeing, WINDOWS } from '../help/hosts.ts';
import { headerOf } from '../help/images.ts';
import { checkIssues, checkRows } from '../help/rows.ts';

t.test('disks', (t) => {
  const share = { name: 'share', path: 'shares/a', format: 'host-path' };
  checkRows(t, [
    ['a share', { 'storage.disks.1': share }],
    ['a read-only share', { 'storage.disks.1': { ...share, readonly: true, boot: false } }],
    [
      'size on a share',
      { 'storage.disks.1': { ...share, size_gb: 1 } },
      'error size-on-share storage.disks[1].size_gb',
    ],
    [
      'boot on a share',
      { 'storage.disks.1': { ...share, boot: true } },
      'error boot-on-share storage.disks[1].boot',
    ],
    ['one boot disk', { 'storage.disks.1': disk('b', { boot: true }) }],
    [
      'three boot disks',
      { 'storage.disks': [disk('a', { boot: true }), disk('b', { boot: true }), disk('c', { boot: true })] },
      'error several-boot-disks storage.disks[1].boot',
      'error several-boot-disks storage.disks[2].boot',
    ],
    ['no disk', { storage: ABSENT }, 'error no-boot-source storage.disks'],
    ['an empty list', { 'storage.disks': [] }, 'error no-boot-source storage.disks'],
    ['only a share', { 'storage.disks': [share] }, 'error no-boot-source storage.disks'],
    [
      'a kernel that is disabled',
      { 'storage.disks': [], kernel: { enabled: false, bzimage: 'boot/bzImage' } },
      'error no-boot-source storage.disks',
    ],
    ['a kernel', { 'storage.disks': [], ...withKernel({ append: 'console=ttyS0 root=/dev/nfs' }) }],
    [
      'a disk of a refused format may be an image',
      { [`${DISK}.format`]: 'iso' },
      'error not-allowed storage.disks[0].format',
    ],
  ]);
});

t.test('a boot disk that is not the first image changes the layout of all', (t) => {
  const image = (name: string, more: object = {}) => ({ name, path: name, format: 'raw', ...more });
  const share = { name: 's', path: 's', format: 'host-path' };
  const of = (...disks: object[]) => argvOf({ 'storage.disks': disks });
  const isSplit = (argv: readonly string[]) => argv.some((element) => element.includes('if=none'));
  t.notOk(isSplit(of(image('a'), image('b'))), 'no boot disk');
  t.notOk(isSplit(of(image('a', { boot: true }), image('b'))), 'the first');
  t.notOk(isSplit(of(share, image('a', { boot: true }))), 'the first after a share');
  const argv = of(share, image('a', { readonly: true }), image('b', { boot: true }), image('c'));
  t.strictSame(valuesOf(argv, '-drive'), [
    'file=/srv/lab/a,format=raw,if=none,id=disk-a,readonly=on',
    'file=/srv/lab/b,format=raw,if=none,id=disk-b',
    'file=/srv/lab/c,format=raw,if=none,id=disk-c',
  ]);
  t.strictSame(valuesOf(argv, '-device'), [
    'virtio-blk-pci,drive=disk-a',
    'virtio-blk-pci,drive=disk-b,bootindex=1',
    'virtio-blk-pci,drive=disk-c',
    'virtio-9p-pci,fsdev=s,mount_tag=s',
  ]);
  t.end();
});

t.test('one file in two places', (t) => {
  const disks = (...paths: readonly (readonly [string, boolean?])[]): Change => ({
    'storage.disks': paths.map(([path, readonly = false], index) => ({
      name: `d${index}`,
      path,
      format: 'raw',
      readonly,
    })),
  });
  const shared = (index: number) => `error image-shared-writable storage.disks[${index}].path`;
  checkRows(t, [
    ['one image twice', disks(['a'], ['a']), shared(1)],
    ['in another spelling', disks(['a'], ['./b/../a'], ['/srv/lab/a']), shared(1), shared(2)],
    ['one of them is read-only', disks(['a', true], ['a']), shared(1)],
    ['the other is', disks(['a'], ['a', true]), shared(1)],
    ['both are', disks(['a', true], ['a', true])],
    ['two of three are', disks(['a', true], ['b'], ['a', true])],
    ['two names', disks(['a'], ['A'])],
    [
      'a share twice',
      { ...share('s'), 'storage.disks.2': { name: 't', path: 's', format: 'host-path', readonly: true } },
    ],
  ]);
});

t.test('one file in two places by the rules of each system', (t) => {
  const twice = (a: string, b: string) =>
    changed({
      ...LOG,
      'storage.disks': [
        { name: 'a', path: a, format: 'raw' },
        { name: 'b', path: b, format: 'raw' },
      ],
    });
  const shared = ['error image-shared-writable storage.disks[1].path'];
  checkIssues(t, twice('a.img', 'A.img'), shared, 'case on darwin', given(DARWIN_INTEL));
  checkIssues(t, twice('\u00e9.img', 'e\u0301.img'), shared, 'composition on darwin', given(DARWIN_INTEL));
  checkIssues(
    t,
    twice('a.img', 'a\u200d.img'),
    shared,
    'a character that shows nothing',
    given(DARWIN_INTEL),
  );
  checkIssues(t, twice('a.img', 'C:\\LAB\\A.IMG'), shared, 'case on windows', given(WINDOWS));
  const misnamed = [...shared, 'error invalid-file-name storage.disks[1].path'];
  checkIssues(t, twice('a.img', 'a.img. .'), misnamed, 'trailing dots on windows', given(WINDOWS));
  checkIssues(
    t,
    twice('a.img', 'a.img::$DATA'.replace('$', '')),
    misnamed,
    'a stream on windows',
    given(WINDOWS),
  );
  checkIssues(t, twice('a.img', 'b.img'), [], 'two files', given(WINDOWS));
  checkIssues(t, twice('\u00e9.img', 'e\u0301.img'), [], 'two names on Linux');
  t.end();
});

t.test('a look at a disk', (t) => {
  const of = (about: string, seen: Partial<ProbedPath>, change: Change, ...issues: string[]) =>
    checkIssues(t, changed(change), issues, about, seeing({ [ROOT_IMAGE]: seen }));
  const sized = { 'storage.disks.0.size_gb': 10 };
  const format = (format: string) => ({ 'storage.disks.0.format': format });
  const mismatch = `error disk-format-mismatch ${AT_DISK}`;
  of('as it should be', { header: headerOf('qcow2') }, {});
  of('missing', { kind: 'missing' }, {}, `error disk-missing ${AT_DISK}`);
  of('missing, of a known size', { kind: 'missing' }, sized, `warning disk-will-need-creation ${AT_DISK}`);
  of('there, of a known size', { header: headerOf('qcow2') }, sized);
  of('a directory', { kind: 'directory' }, {}, `error disk-not-a-file ${AT_DISK}`);
  of('a device', { kind: 'other' }, {}, `error disk-not-a-file ${AT_DISK}`);
  of('a directory, of a known size', { kind: 'directory' }, sized, `error disk-not-a-file ${AT_DISK}`);
  of('not readable', { kind: 'file', header: null }, {}, `warning file-unreadable ${AT_DISK}`);
  of('behind a closed directory', { kind: 'unreadable' }, {}, `warning file-unreadable ${AT_DISK}`);
  of('a loop', { kind: 'loop' }, {}, `error symlink-loop ${AT_DISK}`);
  of('raw that is qcow2', { header: headerOf('qcow2') }, format('raw'), mismatch);
  of('raw that is vmdk', { header: headerOf('vmdk') }, format('raw'), mismatch);
  of('raw that is of a format not planned', { header: headerOf('vhdx') }, format('raw'), mismatch);
  of('raw that is anything', { header: headerOf('unknown') }, format('raw'));
  of('qcow2 that is anything', { header: headerOf('unknown') }, {}, mismatch);
  of('qcow2 that is vdi', { header: headerOf('vdi') }, {}, mismatch);
  of('vdi', { header: headerOf('vdi') }, format('vdi'));
  of('vmdk', { header: headerOf('vmdk') }, format('vmdk'));
  t.end();
});
