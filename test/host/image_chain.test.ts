/** Images on this host and the files behind them: where names lead, and that nothing else is opened. Works as root and as anybody else. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { readImage } from '../../src/host/images/read_image.ts';
import { probeHost } from '../../src/host/probe_host.ts';
import { IS_FREE } from '../../src/needs/image_use.ts';
import { affectedResources, unknownsOf } from '../../src/needs/need.ts';
import { changed } from '../help/documents.ts';
import { LINUX } from '../help/hosts.ts';
import { descriptor, qcow2, sparseVmdk } from '../help/images.ts';
import { draftOf, issuesOf, outcomeOf } from '../help/plans.ts';
import { issueLine } from '../help/rows.ts';
import { folderOf, makeFifo, onPosix, settingsOf } from '../help/this_host.ts';

interface Seen {
  /** Below the project root, which is left out. */
  readonly resources: readonly string[];
  readonly issues: readonly string[];
  readonly questions: readonly string[];
}

/** Plans for the disk on a host with these files. */
async function planned(root: string, disk: object = {}): Promise<Seen> {
  const document = changed({
    'hardware.acceleration': 'tcg',
    'storage.disks.0': { name: 'root', path: 'images/a', format: 'qcow2', ...disk },
  });
  const host = await probeHost(draftOf(document), settingsOf(root));
  const outcome = outcomeOf(document, host);
  const below = (text: string) => text.replaceAll(root, '');
  return {
    resources: affectedResources(
      outcome.needs.filter(({ kind }) => kind.startsWith('image')),
      1,
    )
      .map(below)
      .sort(),
    issues: issuesOf(outcome)
      .map(issueLine)
      .map((line) => line.replace(' storage.disks[0].path', ''))
      .filter((line) => !line.includes('qemu-binary-not-found') && !line.includes('parent-directory')),
    questions: unknownsOf(outcome.needs, host, 1)
      .filter(({ subject, question }) => subject.startsWith('path:') && question !== IS_FREE)
      .map(({ subject, question }) => `${below(subject)} ${question}`),
  };
}

function write(root: string, files: Readonly<Record<string, Buffer | string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
}

const BEHIND = 'warning backing-file-undeclared';

const FORBIDDEN = 'error forbidden-path';

/** A backing file as options of QEMU. */
function described(driver: string, filename: string): string {
  return `json:${JSON.stringify({ driver, file: { driver: 'file', filename } })}`;
}

t.test('where names lead', onPosix, async (t) => {
  const rows: readonly (readonly [string, (root: string) => string, string[], ...string[]])[] = [
    ['beside the image', () => 'base', ['/images/base'], BEHIND],
    ['by a protocol that is a path, from the root', () => 'file:images/base', ['/images/base'], BEHIND],
    ['by that protocol, absolute', (root) => `file:${root}/images/base`, ['/images/base'], BEHIND],
    ['absolute', (root) => `${root}/other/base`, ['/other/base'], BEHIND],
    ['a step up', () => '../other/base', ['/other/base'], BEHIND],
    ['a step up after a link', () => 'link/../base', ['/far/base'], BEHIND],
    ['an absolute step up after a link', (root) => `${root}/images/link/../base`, ['/far/base'], BEHIND],
    ['a colon after a separator', () => './b:c', ['/images/b:c'], BEHIND],
    ['not there', () => 'gone', ['/images/gone'], 'error backing-file-missing'],
    ['not there, a step up', () => 'no/../gone', ['/images/gone'], 'error backing-file-missing'],
    ['a directory', () => '../other', ['/other'], 'error backing-file-missing'],
    ['a pipe', () => 'pipe', ['/images/pipe'], 'error backing-file-missing'],
    ['what a shell would change', () => '~$x`', ['/images/~$x`'], BEHIND],
    ['another machine', () => 'nbd://127.0.0.1:1/x', [], BEHIND],
    ['a description', () => 'json:{"driver":"file","filename":"/etc/hostname"}', [], BEHIND],
    ['a protocol of a directory', () => 'fat:/bin', [], BEHIND],
    ['a protocol of a directory that holds a forbidden place', () => 'fat:/etc', [], FORBIDDEN, BEHIND],
    ['a protocol of two files', () => 'blkverify:/etc/shadow:/etc/hostname', [], FORBIDDEN, BEHIND],
    ['a protocol of a device', () => 'host_device:/dev/sda', ['/dev/sda'], FORBIDDEN],
    ['a description of one file', () => described('raw', 'images/base'), ['/images/base'], BEHIND],
    [
      'the same with whole names',
      (root) => `json:{"driver":"raw","file.driver":"file","file.filename":"${root}/images/base"}`,
      ['/images/base'],
      BEHIND,
    ],
    [
      'a description of one forbidden file',
      () => described('raw', '/etc/shadow'),
      ['/etc/shadow'],
      FORBIDDEN,
    ],
    [
      'a description of many files',
      () => 'json:{"driver":"quorum","children":[{"driver":"file","filename":"/etc/shadow"}]}',
      [],
      FORBIDDEN,
      BEHIND,
    ],
    [
      'a description in other quotes',
      () => "json:{'file':{'filename':'/etc/shadow'}}",
      [],
      FORBIDDEN,
      BEHIND,
    ],
    ['escapes in other quotes', () => "json:{'filename':'\\u002fetc/shadow'}", [], FORBIDDEN, BEHIND],
    ['a description that is none', () => 'json:{"filename":"/etc/shadow"', [], FORBIDDEN, BEHIND],
    ['a description of a number', () => 'json:1', [], BEHIND],
    ['a description of a link', () => 'json:{"filename":"images/shadow"}', [], FORBIDDEN, BEHIND],
    ['bytes that are no text', () => 'b\ufffd', [], BEHIND],
    ['a forbidden place', () => '/etc/shadow', ['/etc/shadow'], FORBIDDEN],
    ['a link out of the root', () => 'escape', ['/images/escape'], 'error symlink-escape'],
  ];
  for (const [about, name, resources, ...issues] of rows) {
    const root = folderOf(t, {
      far: { below: {} },
      images: {
        link: t.fixture('symlink', '../far/below'),
        escape: t.fixture('symlink', '/bin/sh'),
        shadow: t.fixture('symlink', '/etc/shadow'),
      },
    });
    const base = Buffer.from('raw');
    write(root, { 'images/a': qcow2({ backing: name(root), backingFormat: 'raw' }) });
    write(root, {
      'images/base': base,
      'images/b:c': base,
      'images/~$x`': base,
      'other/base': base,
      'far/base': base,
    });
    makeFifo(join(root, 'images/pipe'));
    const seen = await planned(root);
    const all = ['/images/a', ...resources].map((path) => `path:${path}`).sort();
    t.strictSame({ ...seen, questions: [] }, { resources: all, issues, questions: [] }, about);
    // Of a forbidden place nobody reads what it is.
    if (resources.length > 0 && issues.includes(FORBIDDEN)) continue;
    t.equal(
      seen.questions.length,
      resources.length === 0 ? 1 : 0,
      `${about}: what is no path is asked about`,
    );
  }
});

t.test('outside the project root', onPosix, async (t) => {
  const outside = folderOf(t, { base: 'x' });
  const root = join(outside, 'lab');
  write(root, { 'images/a': qcow2({ backing: '../../base', backingFormat: 'raw' }) });
  t.match(await planned(root), {
    issues: [BEHIND, 'warning outside-project-root'],
    resources: [`path:${outside}/base`, 'path:/images/a'].sort(),
  });
});

t.test('chains', async (t) => {
  const chain = (length: number) =>
    Object.fromEntries(
      Array.from({ length: length + 1 }, (_, index) => [
        index === 0 ? 'images/a' : `images/${index}`,
        index === length ? qcow2() : qcow2({ backing: String(index + 1), backingFormat: 'qcow2' }),
      ]),
    );
  const of = async (files: Parameters<typeof write>[1], disk?: object) => {
    const root = folderOf(t, {});
    write(root, files);
    return planned(root, disk);
  };
  const deepest = await of(chain(16));
  t.strictSame(
    [deepest.issues, deepest.resources.length, deepest.questions],
    [Array(16).fill(BEHIND), 17, []],
  );
  const deeper = await of(chain(18));
  t.strictSame(deeper.issues, ['warning backing-chain-too-deep', ...Array(17).fill(BEHIND)]);
  t.strictSame(deeper.resources.length, 18);
  t.match(deeper.questions, [/^path:\/images\/17 Does its header name/]);

  const loop = {
    'images/a': qcow2({ backing: 'b' }),
    'images/b': qcow2({ backing: 'a', backingFormat: 'qcow2' }),
  };
  t.strictSame(await of(loop), {
    issues: ['error backing-chain-loop', BEHIND],
    resources: ['path:/images/a', 'path:/images/b'],
    questions: [],
  });
  t.strictSame((await of({ 'images/a': qcow2({ backing: 'a' }) })).issues, ['error backing-chain-loop']);

  const raw = {
    'images/a': qcow2({ backing: 'b', backingFormat: 'raw' }),
    'images/b': qcow2({ backing: 'c' }),
  };
  t.strictSame(
    (await of(raw)).resources,
    ['path:/images/a', 'path:/images/b'],
    'what is raw is not followed',
  );
  const probed = { ...raw, 'images/a': qcow2({ backing: 'b' }), 'images/c': 'x' };
  t.strictSame((await of(probed)).resources, ['path:/images/a', 'path:/images/b', 'path:/images/c']);
  const inOptions = {
    ...raw,
    'images/a': qcow2({ backing: described('qcow2', 'images/b') }),
    'images/c': 'x',
  };
  t.strictSame(
    (await of(inOptions)).resources,
    ['path:/images/a', 'path:/images/b', 'path:/images/c'],
    'the format of a description is that of the file',
  );
  const asRaw = { ...raw, 'images/b': 'QED\0' };
  t.strictSame((await of(asRaw)).issues, [BEHIND, 'warning disk-format-mismatch']);
  const locked = {
    'images/a': qcow2({ backing: 'b' }),
    'images/b': Buffer.from('LUKS\xba\xbe', 'latin1'),
  };
  t.strictSame((await of(locked)).issues, ['error image-encrypted', BEHIND]);
  const wrong = { 'images/a': qcow2({ backing: 'b', backingFormat: 'qcow2' }), 'images/b': 'x' };
  t.strictSame((await of(wrong)).issues, [BEHIND, 'error disk-format-mismatch'].reverse());
  const other = { 'images/a': qcow2({ backing: 'b', backingFormat: 'qed' }), 'images/b': 'QED\0' };
  t.match(await of(other), { issues: [BEHIND], questions: [/^path:\/images\/b Does its header name/] });
  const unnamed = { 'images/a': qcow2({ backing: 'b' }), 'images/b': 'QED\0' };
  t.match((await of(unnamed)).questions, [/^path:\/images\/b Does its header name/]);
  t.strictSame((await of({ 'images/a': 'x' }, { format: 'raw' })).issues, []);
});

t.test('data files and extents', async (t) => {
  const root = folderOf(t, {});
  write(root, {
    'images/a': qcow2({ dataFile: 'nbd:data' }),
    'nbd:data': 'x',
    'images/flat': descriptor('monolithicFlat', ['RW 8 FLAT "nbd:x" 0', 'RW 8 SPARSE "s"'], 'parent'),
    'images/nbd:x': 'x',
    'images/s': sparseVmdk(''),
    'images/parent': descriptor('twoGbMaxExtentFlat', ['RW 8 FLAT "p" 0', 'RW 8 SPARSE "d"']),
    'images/p': 'x',
    'images/d': 'x',
    'images/self': descriptor('monolithicFlat', ['RW 8 FLAT "self" 0']),
    'images/nested': descriptor('twoGbMaxExtentSparse', ['RW 8 SPARSE "parent"']),
  });
  t.strictSame(
    await planned(root),
    {
      issues: ['warning external-data-file'],
      resources: ['path:/images/a', 'path:/nbd:data'],
      questions: [],
    },
    'a data file is looked for where QEMU runs, and its name is no protocol',
  );
  const extents = 'warning external-extents';
  t.strictSame(await planned(root, { path: 'images/flat', format: 'vmdk' }), {
    issues: ['error disk-format-mismatch', BEHIND, ...Array(4).fill(extents)].sort(
      (a, b) => Number(b.startsWith('error')) - Number(a.startsWith('error')),
    ),
    resources: ['d', 'flat', 'nbd:x', 'p', 'parent', 's'].map((name) => `path:/images/${name}`),
    questions: [],
  });
  t.strictSame((await planned(root, { path: 'images/self', format: 'vmdk' })).issues, [
    'warning backing-chain-loop',
  ]);
  t.match(await planned(root, { path: 'images/nested', format: 'vmdk' }), {
    issues: [extents],
    questions: [/^path:\/images\/parent Does its header name/],
  });
});

t.test('what cannot be read has no header', async (t) => {
  const root = folderOf(t, {});
  t.equal(await readImage(root, LINUX), null, 'a directory opens and does not read');
  t.equal(await readImage(join(root, 'gone'), LINUX), null);
});

t.test('a file that is needed twice, and once as an image, is read', async (t) => {
  const root = folderOf(t, {});
  write(root, { 'images/a': qcow2({ backing: '../k' }), k: qcow2({ backing: 'images/b' }), 'images/b': 'x' });
  const document = changed({
    'storage.disks.0.path': 'images/a',
    kernel: { enabled: true, bzimage: 'k' },
  });
  const host = await probeHost(draftOf(document), settingsOf(root));
  t.strictSame([...(host.probed?.paths.keys() ?? [])].map((path) => path.replace(root, '')).sort(), [
    '/images/a',
    '/images/b',
    '/k',
  ]);
});

t.test('two disks and one file', async (t) => {
  const root = folderOf(t, {});
  write(root, {
    'images/a': qcow2({ backing: 'base' }),
    'images/b': qcow2({ backing: 'base' }),
    'images/base': qcow2(),
  });
  const disks = async (second: object) => {
    const document = changed({
      'storage.disks.0.path': 'images/a',
      'storage.disks.1': { name: 'b', format: 'qcow2', ...second },
    });
    const outcome = outcomeOf(document, await probeHost(draftOf(document), settingsOf(root)));
    return issuesOf(outcome).filter(({ code }) => code === 'image-shared-writable');
  };
  t.strictSame(await disks({ path: 'images/b' }), [], 'both read it');
  t.strictSame(await disks({ path: 'images/base', readonly: true }), [], 'still both');
  const [shared, ...others] = await disks({ path: 'images/base' });
  t.match(shared, {
    field: 'storage.disks[1].path',
    message:
      'storage.disks[1].path is "images/base", which the image of storage.disks[0].path uses too, and not all of these disks are read-only.',
  });
  t.strictSame(others, []);
});
