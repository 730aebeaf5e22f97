/** What the doctor says of images by their headers, of the files behind them, and of who has them; and what plans say of it. */
import t from 'tap';
import type { ImageLock } from '../../src/facts/host.ts';
import type { ImageFault } from '../../src/facts/image.ts';
import { IS_FREE } from '../../src/needs/image_use.ts';
import { riskOf } from '../../src/needs/need.ts';
import { AT_DISK, ROOT_IMAGE, TCG } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { seeing } from '../help/hosts.ts';
import { headerOf, named } from '../help/images.ts';
import { findingOf, type Look, reportOn, type Seen } from '../help/machines.ts';
import { issuesOf, outcomeOf, plannedOf, planOf } from '../help/plans.ts';
import { checkProfiles, checkReports, seen } from '../help/reports.ts';
import { checkIssues } from '../help/rows.ts';

const DISK = 'images/root.qcow2';
const BASE = '/srv/lab/images/base';
const READ_ONLY: Change = { 'storage.disks.0.readonly': true };
const GIB = 1024 ** 3;
const ME = '65024:7';

const fault = (code: ImageFault['code'], whenRead: ImageFault['whenRead'] = 'error'): ImageFault => ({
  code,
  says: 'is so',
  whenRead,
});
const faulty = (...given: Parameters<typeof fault>): Seen => ({
  header: headerOf('qcow2', { fault: fault(...given) }),
});
const disk = (seen: Seen, more: Look['files'] = {}): Look => ({ files: { ...more, [DISK]: seen } });
/** The disk names one file, which is like this. */
const behind = (file: Seen, name = named('backing', 'base'), more: Look['files'] = {}): Look =>
  disk(
    { header: headerOf('qcow2', { names: [name] }) },
    { [`${name.path}`]: { header: headerOf('unknown'), ...file }, ...more },
  );
const locked = (...bytes: number[]): ImageLock[] =>
  bytes.map((byte) => ({ id: ME, firstByte: byte, lastByte: byte }));

t.test('headers', (t) => {
  checkProfiles(t, [
    ['refused', {}, disk(faulty('image-unreadable-header')), 'error storage image-unreadable-header:root'],
    ['encrypted', READ_ONLY, disk(faulty('image-encrypted')), 'error storage image-encrypted:root'],
    ['corrupt', {}, disk(faulty('image-corrupt', 'warning')), 'error storage image-corrupt:root'],
    [
      'corrupt and read-only',
      READ_ONLY,
      disk(faulty('image-corrupt', 'warning')),
      'warning storage image-corrupt:root',
    ],
    ['what may be read', READ_ONLY, disk(faulty('image-unreadable-header', null))],
    [
      'and is written',
      {},
      disk(faulty('image-unreadable-header', null)),
      'error storage image-unreadable-header:root',
    ],
    [
      'another format is said first',
      {},
      disk({ header: headerOf('vdi', { fault: fault('image-unreadable-header') }) }),
      'error storage disk-format-mismatch:root',
    ],
  ]);
});

t.test('files behind an image', (t) => {
  const raw = headerOf('unknown');
  checkProfiles(t, [
    ['a backing file', {}, behind({}), 'warning storage disk-names-file:root:1'],
    ['a data file', {}, behind({}, named('data', 'base')), 'warning storage disk-names-file:root:1'],
    ['an extent', {}, behind({}, named('extent', 'base')), 'warning storage disk-names-file:root:1'],
    ['missing', {}, behind({ kind: 'missing' }), 'error storage disk-file-missing:root:1'],
    ['a directory', {}, behind({ kind: 'directory' }), 'error storage disk-file-missing:root:1'],
    [
      'unreadable',
      {},
      behind({ header: null }),
      'warning storage disk-file-unreadable:root:1',
      'warning storage disk-names-file:root:1',
    ],
    [
      'no path',
      {},
      behind({}, named('backing', 'nbd:x', { path: null })),
      'warning storage disk-names-file:root:1',
    ],
    [
      'of another format',
      {},
      behind({}, named('backing', 'base', { format: 'qcow2' })),
      'error storage disk-file-format:root:1',
      'warning storage disk-names-file:root:1',
    ],
    [
      'of another known format',
      {},
      behind({ header: headerOf('vdi') }, named('backing', 'base', { format: 'qcow2' })),
      'error storage disk-file-format:root:1',
      'warning storage disk-names-file:root:1',
    ],
    [
      'refused by itself',
      {},
      behind(faulty('image-encrypted'), named('backing', 'base', { format: 'qcow2' })),
      'error storage image-encrypted:root:1',
      'warning storage disk-names-file:root:1',
    ],
    [
      'corrupt, and only read',
      {},
      behind(faulty('image-corrupt', 'warning'), named('backing', 'base', { format: null })),
      'warning storage disk-names-file:root:1',
      'warning storage image-corrupt:root:1',
    ],
    [
      'a header that nobody reads',
      {},
      behind(faulty('image-encrypted')),
      'warning storage disk-file-format:root:1',
      'warning storage disk-names-file:root:1',
    ],
    [
      'encrypted as a whole, with the format of its first bytes',
      {},
      behind({ header: headerOf('luks') }, named('backing', 'base', { format: null })),
      'error storage image-encrypted:root:1',
      'warning storage disk-names-file:root:1',
    ],
    [
      'encrypted as a whole, for the guest to open',
      {},
      behind({ header: headerOf('luks') }),
      'warning storage disk-names-file:root:1',
    ],
    [
      'data that cannot be written',
      {},
      behind({ isWritable: false }, named('data', 'base')),
      'warning storage disk-file-unwritable:root:1',
      'warning storage disk-names-file:root:1',
    ],
    [
      'an extent on a read-only mount',
      {},
      behind({ isWritable: false, isOnReadOnlyMount: true }, named('extent', 'base')),
      'warning storage disk-file-unwritable:root:1',
      'warning storage disk-names-file:root:1',
    ],
    [
      'a backing file that cannot be written',
      {},
      behind({ isWritable: false }),
      'warning storage disk-names-file:root:1',
    ],
    [
      'back to itself',
      {},
      behind({}, named('backing', 'root.qcow2', { format: 'qcow2' })),
      'error storage disk-chain-loop:root:1',
    ],
    [
      'in a forbidden place',
      {},
      behind({}, named('backing', '/etc/shadow')),
      'error profile profile-forbidden-path:storage.disks[0].path',
    ],
    [
      'outside the root',
      {},
      behind({}, named('backing', '/var/base')),
      'warning profile profile-outside-project-root:storage.disks[0].path',
      'warning storage disk-names-file:root:1',
    ],
    [
      'outside the root by policy',
      {},
      { ...behind({}, named('backing', '/var/base')), strictPaths: true },
      'error profile profile-outside-project-root:storage.disks[0].path',
    ],
    [
      'not looked at',
      {},
      disk(
        { header: headerOf('qcow2', { names: [named('backing', 'x'.repeat(300))] }) },
        { '/x': { header: raw } },
      ),
      'error profile profile-path-too-long:storage.disks[0].path',
    ],
  ]);
});

t.test('more files behind an image than are read', (t) => {
  const files = Object.fromEntries(
    Array.from({ length: 17 }, (_, index) => [
      `/srv/lab/images/${index + 1}`,
      { header: headerOf('qcow2', { names: [named('backing', String(index + 2), { format: 'qcow2' })] }) },
    ]),
  );
  const first = { header: headerOf('qcow2', { names: [named('backing', '1', { format: 'qcow2' })] }) };
  const { findings } = seen(reportOn({}, disk(first, files)));
  const about = findings.filter(({ finding_id }) => /^disk-(?:names|chain)/.test(finding_id));
  t.equal(about.length, 18);
  t.match(
    about.find(({ finding_id }) => finding_id === 'disk-chain-deep:root:17')?.description,
    /names "17" as its backing file, and that is the 17th behind the disk; what it names was not read\./,
  );
  t.end();
});

t.test('images in use', (t) => {
  const used = (seen: Look, ...bytes: number[]): Look => ({ ...seen, imageLocks: locked(...bytes) });
  const mine = disk({ header: headerOf('qcow2'), id: ME });
  const inUse = 'warning storage disk-in-use:root';
  checkProfiles(t, [
    ['by nobody', {}, used(mine)],
    ['by one who writes', {}, used(mine, 100, 101, 103, 201, 203), inUse],
    ['and this disk is read-only', READ_ONLY, used(mine, 100, 101, 103, 201, 203), inUse],
    ['by one who reads', {}, used(mine, 100, 201, 203), inUse],
    ['and so does this disk', READ_ONLY, used(mine, 100, 201, 203)],
    ['by one who shares all', {}, used(mine, 100)],
    ['by one who lets nobody read', READ_ONLY, used(mine, 200), inUse],
    ['over several bytes', {}, { ...mine, imageLocks: [{ id: ME, firstByte: 100, lastByte: 103 }] }, inUse],
    ['another file', {}, { ...mine, imageLocks: [{ id: '65024:8', firstByte: 101, lastByte: 101 }] }],
    ['another device', {}, { ...mine, imageLocks: [{ id: '1:7', firstByte: 101, lastByte: 101 }] }],
    ['nobody can tell', {}, { ...mine, imageLocks: null }],
    [
      'a backing file by one who writes',
      {},
      used(behind({ id: ME }), 101, 201),
      'warning storage disk-in-use:root:1',
      'warning storage disk-names-file:root:1',
    ],
    [
      'a backing file by one who reads',
      {},
      used(behind({ id: ME }), 100, 201),
      'warning storage disk-names-file:root:1',
    ],
  ]);
});

t.test('another size than the profile says', (t) => {
  const sized = (size: number | null): Look => disk({ header: headerOf('qcow2', { virtualSize: size }) });
  const change = { 'storage.disks.0.size_gb': 40 };
  checkProfiles(t, [
    ['the same', change, sized(40 * GIB)],
    ['a smaller one', change, sized(GIB), 'info storage disk-size-differs:root'],
    ['one that is not known', change, sized(null)],
    ['none in the profile', {}, sized(GIB)],
    [
      'of another format',
      change,
      disk({ header: headerOf('vdi', { virtualSize: GIB }) }),
      'error storage disk-format-mismatch:root',
    ],
    ['not read', change, disk({ header: null }), 'warning storage disk-unreadable:root'],
  ]);
});

t.test('a finding says it once, and the issue the same', (t) => {
  const rows: [id: string, change: Change, look: Look, description: string][] = [
    [
      'disk-names-file:root:1',
      {},
      behind({}),
      `The header of "${ROOT_IMAGE}" names "base" as its backing file; the profile does not, and QEMU lets the guest read it too. See whether that is meant. "qemu-img convert" makes an image that needs no other file.`,
    ],
    [
      'disk-names-file:root:1',
      {},
      behind({}, named('data', 'base')),
      `The header of "${ROOT_IMAGE}" names "base" as its data file; the profile does not, and QEMU writes to it too. See whether that is meant. "qemu-img convert" makes an image that needs no other file.`,
    ],
    [
      'disk-names-file:root:1',
      {},
      behind({}, named('backing', 'nbd://host/x', { path: null })),
      `The header of "${ROOT_IMAGE}" names "nbd://host/x" as its backing file, which is no path of a file; the profile does not, and QEMU lets the guest read it too. See whether that is meant. "qemu-img convert" makes an image that needs no other file.`,
    ],
    [
      'disk-file-missing:root:1',
      {},
      behind({ kind: 'missing' }),
      `The header of "${ROOT_IMAGE}" names "base" as its backing file, and there is no file "${BASE}"; QEMU does not start. Bring the file back, or use an image that needs no other file.`,
    ],
    [
      'image-encrypted:root:1',
      {},
      behind(faulty('image-encrypted'), named('backing', 'base', { format: null })),
      `The header of "${ROOT_IMAGE}" names "base" as its backing file, which is so; QEMU does not start. No key can be named in a profile: use an image without encryption.`,
    ],
    [
      'disk-size-differs:root',
      { 'storage.disks.0.size_gb': 40 },
      disk({ header: headerOf('qcow2', { virtualSize: 1000 }) }),
      `${AT_DISK} is "${DISK}", an image of 1000 bytes, and size_gb is 40; QEMU does not change the size of an image. Remove size_gb, write the size that the image has, or change that with "qemu-img resize".`,
    ],
    [
      'disk-size-differs:root',
      { 'storage.disks.0.size_gb': 40 },
      disk({ header: headerOf('qcow2', { virtualSize: GIB }) }),
      `${AT_DISK} is "${DISK}", an image of 1 GiB, and size_gb is 40; QEMU does not change the size of an image. Remove size_gb, write the size that the image has, or change that with "qemu-img resize".`,
    ],
    [
      'disk-in-use:root',
      {},
      { ...disk({ header: headerOf('qcow2'), id: ME }), imageLocks: locked(101) },
      `${AT_DISK} is "${DISK}", which another process has locked as QEMU does; until that ends QEMU does not start. See whether the VM runs already, or another one with this image.`,
    ],
  ];
  for (const [id, change, look, description] of rows)
    t.equal(findingOf(seen(reportOn(change, look)), id).description, description, id);
  const missing = findingOf(seen(reportOn({}, behind({ kind: 'missing' }))), 'disk-file-missing:root:1');
  t.strictSame(missing.affected_resources, [`path:${BASE}`]);
  t.strictSame(missing.metadata, { format: 'raw', named_by: ROOT_IMAGE, path: BASE, profile_name: 'lab' });
  const host = seeing({
    [ROOT_IMAGE]: { header: headerOf('qcow2', { names: [named('backing', 'base')] }) },
    [BASE]: { header: headerOf('unknown') },
  });
  const [issue] = issuesOf(outcomeOf(changed({}), host)).filter(
    ({ code }) => code === 'backing-file-undeclared',
  );
  t.match(
    issue?.message,
    /^The header of "\/srv\/lab\/images\/root\.qcow2" names "base" as its backing file; /,
  );
  t.end();
});

t.test('plans: resources, questions and risk', (t) => {
  const of = (name: ReturnType<typeof named>, seen: Seen = { header: headerOf('unknown') }) =>
    seeing({ [ROOT_IMAGE]: { header: headerOf('qcow2', { names: [name] }) }, [`${name.path}`]: seen });
  const planned = (...given: Parameters<typeof of>) => plannedOf(changed(TCG), of(...given));
  const riskBehind = (...given: Parameters<typeof of>) => riskOf(planned(...given).needs, 1);
  t.equal(riskBehind(named('backing', 'base')), 'low');
  t.equal(riskBehind(named('backing', '/var/base')), 'medium', 'outside the root');
  t.equal(riskBehind(named('backing', 'nbd:x', { path: null })), 'medium', 'what may be anywhere');

  const plan = planOf(TCG, of(named('data', 'base')));
  t.ok(plan.affected_resources.includes(`path:${BASE}`));
  t.match(plan.estimated_impact, / writes to 1 disk and /);
  t.equal(plan.status, 'draft');
  const strange = named('backing', 'a\nb', { path: '/srv/lab/images/a\nb' });
  t.ok(planOf(TCG, of(strange)).affected_resources.includes('path:/srv/lab/images/a<U+000A>b'));
  const secret = named('backing', 'token=abcdef', { path: '/srv/lab/images/token=abcdef' });
  t.notMatch(JSON.stringify(planOf(TCG, of(secret))), /abcdef/);

  const questions = (...given: Parameters<typeof of>) =>
    planned(...given)
      .unknowns.filter(({ subject, question }) => subject.startsWith('path:/srv') && question !== IS_FREE)
      .map(({ question }) => question);
  const inUse = (...given: Parameters<typeof of>) =>
    planned(...given).unknowns.flatMap(({ question, subject }) => (question === IS_FREE ? [subject] : []));
  t.strictSame(inUse(named('backing', 'base')), [`path:${BASE}`, `path:${ROOT_IMAGE}`]);
  t.strictSame(questions(named('backing', 'base')), []);
  const unwritable = { header: headerOf('unknown'), isWritable: false };
  t.strictSame(questions(named('backing', 'base'), unwritable), []);
  t.strictSame(questions(named('data', 'base'), unwritable), ['May QEMU write to it?']);
  t.strictSame(questions(named('backing', 'nbd:x', { path: null })), [
    'What is "nbd:x", which its header names?',
  ]);
  t.strictSame(questions(named('backing', 'base'), { header: null }), [
    'May QEMU read it, and what does its header name?',
  ]);
  t.strictSame(
    questions(named('backing', 'base', { format: null }), { header: headerOf('qed', { mayNameMore: true }) }),
    ['Does its header name other files, and may QEMU open them?'],
  );
  const open = seeing({ [ROOT_IMAGE]: { header: headerOf('qcow2', { mayNameMore: true }) } });
  t.match(plannedOf(changed(TCG), open).unknowns, [
    { question: /^Does its header name other files/, subject: `path:${ROOT_IMAGE}` },
    { question: IS_FREE },
  ]);
  checkIssues(
    t,
    changed({ 'serial.mode': 'file', 'serial.logfile': 'images/base' }),
    ['warning backing-file-undeclared storage.disks[0].path', 'error path-conflict serial.logfile'].reverse(),
    'a log that is a backing file',
    of(named('backing', 'base')),
  );
  t.end();
});

t.test('every report', (t) =>
  checkReports(
    t,
    `disk-chain-deep disk-chain-loop disk-file-format disk-file-missing disk-file-unreadable disk-file-unwritable disk-format-mismatch
    disk-in-use disk-names-file disk-size-differs disk-unreadable image-corrupt image-encrypted image-unreadable-header`,
  ),
);
