/** What a look at a medium for a drive shows. */
import { join } from 'node:path';
import t from 'tap';
import { readMedium } from '../../src/host/medium.ts';
import { probeHost } from '../../src/host/probe_host.ts';
import { changed } from '../help/documents.ts';
import { edited, iso, vfat } from '../help/images.ts';
import { draftOf } from '../help/plans.ts';
import { folderOf, settingsOf } from '../help/this_host.ts';

t.test('file systems and labels', async (t) => {
  const root = folderOf(t, {
    'a.iso': iso('cidata'),
    udf: edited(Buffer.alloc(0), [32769, Buffer.from('BEA01')]),
    fat12: vfat('CIDATA', 'FAT12'),
    fat32: vfat('MY SEED', 'FAT32'),
    raw: 'content',
    empty: '',
  });
  const read = (name: string) => readMedium(join(root, name));
  t.strictSame(await read('a.iso'), { is: 'iso9660', label: 'cidata' });
  t.strictSame(await read('udf'), { is: 'udf', label: null });
  t.strictSame(await read('fat12'), { is: 'vfat', label: 'CIDATA' });
  t.strictSame(await read('fat32'), { is: 'vfat', label: 'MY SEED' });
  t.strictSame(await read('raw'), { is: 'other', label: null });
  t.strictSame(await read('empty'), { is: 'other', label: null });
  t.equal(await read('none'), null);
});

t.test('drives and the seed are read, and nothing else', async (t) => {
  const root = folderOf(t, { 'a.iso': iso('A'), 's.iso': iso('cidata'), file: iso('B') });
  const change = {
    schema_version: 2,
    'storage.cdroms': [{ name: 'cd', path: 'a.iso' }],
    'storage.seed.path': 's.iso',
    fw_cfg: [{ name: 'opt/a', file: 'file' }],
  };
  const { probed } = await probeHost(draftOf(changed(change)), settingsOf(root));
  const medium = (name: string) => probed?.paths.get(join(root, name))?.medium;
  t.match(medium('a.iso'), { label: 'A' });
  t.match(medium('s.iso'), { label: 'cidata' });
  t.equal(medium('file'), null);
});
