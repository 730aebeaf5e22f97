/** From version 1 of the schema to the newest: what stays, and what is said of the rest. */
import t from 'tap';
import { inNewestVersion, migrate } from '../../src/planning/migration.ts';
import { parseProfile, parseProfileText } from '../../src/planning/parse_profile.ts';
import { type Planned, planProfile } from '../../src/planning/plan_profile.ts';
import { disk, user } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { goldenCases } from '../help/golden.ts';
import { given, type Host, ON_LINUX } from '../help/hosts.ts';
import { plannedOf } from '../help/plans.ts';

function migrated(change: Change, host: Host = ON_LINUX) {
  const before = plannedOf(changed(change), host);
  const result = migrate(parseProfile(before.document), before, planProfile(inNewestVersion(before), host));
  if ('refused' in result) throw new Error(JSON.stringify(result.refused.errors));
  return result.migration;
}

function migratedText(text: string) {
  const read = parseProfileText(text);
  if ('problem' in read) throw new Error(read.problem.reason);
  const before = planProfile(read.profile, ON_LINUX) as Planned;
  const result = migrate(read.profile, before, planProfile(inNewestVersion(before), ON_LINUX));
  return 'migration' in result ? result.migration : null;
}

const codes = ({ warnings }: { warnings: readonly { code: string }[] }): string[] =>
  warnings.map(({ code }) => code);
const RAW = { 'storage.disks': [disk('root', { format: 'raw' })] };

t.test('a plain profile is the same machine', (t) => {
  const migration = migrated(RAW);
  t.match(migration, { from: 1, to: 2, identical: true, warnings: [] });
  t.match(migration.profile_toml, /^schema_version = 2\n/, 'canonical text');
  t.match(migration.argv_changes, [{ op: 'replace', group: 'disks', pointers: ['/schema_version'] }]);
  t.equal(migration.profile_hash, plannedOf(changed({ ...RAW, schema_version: 2 })).profileHash);
  t.end();
});

t.test('what is not the same is said', (t) => {
  t.strictSame(codes(migrated({})), ['backing-file-not-followed']);
  t.equal(migrated({}).identical, false);
  const second = [disk('data', { format: 'raw' }), disk('root', { format: 'raw', boot: true })];
  t.strictSame(codes(migrated({ 'storage.disks': second })), [], 'nothing else has a slot');
  const moved = migrated({ 'storage.disks': second, 'network.interfaces': [user('n')] });
  t.strictSame(codes(moved), ['pci-slots-move']);
  t.equal(moved.identical, true);
  const share = { name: 's', path: 's', format: 'host-path' };
  t.strictSame(codes(migrated({ 'storage.disks': [...second, share] })), ['pci-slots-move']);
  const taken = migrated({ ...RAW, 'storage.disks.0.bus': 'scsi', 'vm.x': 1 });
  t.strictSame(codes(taken), ['key-takes-effect', 'unknown-field']);
  t.equal(taken.identical, false);
  t.end();
});

t.test('a key that would be wrong is refused', (t) => {
  const before = plannedOf(changed({ 'storage.disks.0.bus': 'ide' }));
  const result = migrate(
    parseProfile(before.document),
    before,
    planProfile(inNewestVersion(before), ON_LINUX),
  );
  t.match(result, { refused: { errors: [{ code: 'not-for-machine' }] } });
  t.end();
});

const TEXT = `# schema_version = 1 is old
vm = { name = "a", description = """
schema_version = 1""" }
"schema_version" = 0x1 # here
hardware = { arch = "x86_64", cores = 1, memory_mb = 1024 }
storage.disks = [ { name = "root", path = "r", format = "raw" } ]
`;

t.test('a text stays as it was but for the number', (t) => {
  t.equal(migratedText(TEXT)?.profile_toml, TEXT.replace('0x1', '2'));
  const hidden = TEXT.replace('"schema_version"', '"schema\\u005fversion"');
  t.match(migratedText(hidden)?.profile_toml, /^schema_version = 2\n/, 'a key that is not to be found');
  t.end();
});

t.test('the newest version comes back as it is', (t) => {
  const text = TEXT.replace('0x1', '2');
  t.match(migratedText(text), { from: 2, to: 2, identical: true, profile_toml: text, argv_changes: [] });
  const planned = plannedOf(changed({ schema_version: 2 }));
  const result = migrate(parseProfile(planned.document), planned, planned);
  t.match(result, { migration: { profile_toml: planned.canonical, warnings: [] } });
  t.end();
});

t.test('every golden case of version 1 is one of version 2', (t) => {
  for (const { name, toml, facts } of goldenCases()) {
    const read = parseProfileText(toml);
    if ('problem' in read || read.profile.draft.schema_version === 2) continue;
    const host = given(facts);
    const before = planProfile(read.profile, host) as Planned;
    t.match(
      migrate(read.profile, before, planProfile(inNewestVersion(before), host)),
      { migration: {} },
      name,
    );
  }
  t.end();
});
