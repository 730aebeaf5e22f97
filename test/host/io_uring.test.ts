/** What the kernel says of io_uring, and what a plan says of that and of direct access. */
import { join } from 'node:path';
import t from 'tap';
import { probeIoUring } from '../../src/host/io_uring.ts';
import { SYSTEM_FILES } from '../../src/host/system_files.ts';
import { disk } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { LINUX, probed } from '../help/hosts.ts';
import { metadataOf, plannedOf, startPlanOf } from '../help/plans.ts';
import { checkProfiles } from '../help/reports.ts';
import { folderOf } from '../help/this_host.ts';

const of = (more: object): Change => ({ schema_version: 2, 'storage.disks': [disk('root', more)] });
const RING = of({ aio: 'io_uring' });

t.test('what the kernel says', async (t) => {
  const root = folderOf(t, { 0: '0\n', 1: '1\n', 2: '2\n' });
  const need = { kind: 'io-uring', at: [] } as const;
  const look = (name: string, os: 'linux' | 'darwin' = 'linux') =>
    probeIoUring([need], os, { ...SYSTEM_FILES, ioUringDisabled: join(root, name) });
  t.equal(await look('0'), true);
  t.equal(await look('1'), true);
  t.equal(await look('2'), false);
  t.equal(await look('none'), null);
  t.equal(await look('2', 'darwin'), null);
  t.equal(await probeIoUring([], 'linux', SYSTEM_FILES), null);
});

t.test('what is left to ask', (t) => {
  const asked = (change: Change, hasIoUring?: boolean): unknown[] => {
    const host = probed(LINUX, hasIoUring === undefined ? {} : { hasIoUring });
    const { unknowns } = metadataOf(startPlanOf(plannedOf(changed(change), host)));
    return (unknowns as { question: string; subject: string }[])
      .filter(({ question }) => /io_uring|O_DIRECT/.test(question))
      .map(({ subject }) => subject);
  };
  const image = (access: string) => `path:${access}:/srv/lab/images/root.qcow2`;
  t.strictSame(asked(RING), ['kernel:io_uring']);
  t.strictSame(asked(RING, true), ['kernel:io_uring'], 'a container may not have it all the same');
  t.strictSame(asked(RING, false), []);
  t.strictSame(asked(of({ cache: 'none' })), [image('write')]);
  t.strictSame(asked(of({ cache: 'directsync', readonly: true })), [image('read')]);
  t.strictSame(asked(of({ cache: 'unsafe' })), []);
  t.strictSame(asked(of({ cache: 'none', format: 'block-device', path: '/dev/vg/lv' })), []);
  t.end();
});

t.test('findings', (t) =>
  checkProfiles(t, [
    ['nobody may', RING, { hasIoUring: false }, 'warning storage io-uring-disabled:root'],
    ['everybody may', RING, { hasIoUring: true }],
  ]),
);
