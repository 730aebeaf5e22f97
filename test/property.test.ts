/** What holds for every profile, tried on many random ones; the seed is fixed, so that each run tries the same. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { parse } from 'smol-toml';
import t from 'tap';
import { Compile } from 'typebox/compile';
import { argvResult } from '../src/planning/argv_result.ts';
import { startPlan } from '../src/planning/start_plan.ts';
import type { LocatedIssue } from '../src/profile/issue.ts';
import { jsonSchemaOf } from '../src/profile/json_schema.ts';
import { PROFILE, SCHEMA_VERSION } from '../src/topics/profile.ts';
import { nastyJson, nastyValue } from './arbitrary/nasty.ts';
import { type ValidCase, validCase, validProfile } from './arbitrary/profile.ts';
import { tomlText } from './arbitrary/toml_text.ts';
import { allHold } from './help/all_hold.ts';
import { answersOf } from './help/answers_of.ts';
import { ABSENT, reordered, setAt, valueAt } from './help/documents.ts';
import { fullProfile } from './help/full_profile.ts';
import { DARWIN, FREEBSD, given, type Host, LINUX, probed, WINDOWS } from './help/hosts.ts';
import { intendedOptions } from './help/intended_options.ts';
import { fromToml, issuesOf, outcomeOf, parsedOf, plannedOf, validationOf } from './help/plans.ts';
import { readArgv } from './help/qemu_opts.ts';

// On a busy machine.
t.setTimeout(120_000);

const SEED = 20260114;
const CONTROL =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/u;

function forAll<Value>(
  about: string,
  runs: number,
  values: fc.Arbitrary<Value>,
  holds: (value: Value) => void,
): void {
  t.test(about, (t) => {
    fc.assert(fc.property(values, holds), { seed: SEED, numRuns: runs });
    t.pass(`${runs} runs`);
    t.end();
  });
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

forAll(
  'QEMU reads from argv what a profile of version 1 says, and nothing else',
  250,
  validCase(undefined, [1]),
  ({ document, facts }) => {
    const { argv } = plannedOf(document, given(facts));
    assert.deepEqual(readArgv(argv), intendedOptions(document, facts));
    assert.deepEqual(
      argv.filter((element) => CONTROL.test(element)),
      [],
      'control characters',
    );
  },
);

interface LegalProfile extends ValidCase {
  /** A text that says it. */
  readonly toml: string;
}

function legalProfile(): fc.Arbitrary<LegalProfile> {
  return validCase().chain(({ document, facts }) =>
    fc.record({ document: fc.constant(document), facts: fc.constant(facts), toml: tomlText(document) }),
  );
}

t.test('for every legal profile', (t) => {
  allHold(t, legalProfile(), { seed: SEED, numRuns: 100 }, (one): [LegalProfile] => [one], {
    'a legal profile is planned'({ document, facts }) {
      const outcome = outcomeOf(document, given(facts));
      assert.deepEqual(outcome.isValid ? [] : outcome.errors, []);
    },
    'parts cover argv exactly once and in order'({ document, facts }) {
      const { argv, parts } = argvResult(plannedOf(document, given(facts)));
      let next = 0;
      for (const { first, count, pointers, why } of parts) {
        assert.equal(first, next);
        assert.ok(count > 0);
        assert.ok(why === null || why.endsWith('.'));
        assert.ok(
          pointers.length > 0 || why !== null,
          `${argv.slice(first, first + count)} comes from nowhere`,
        );
        for (const pointer of pointers)
          assert.notEqual(valueAt(document, pointer.split('/').slice(1)), undefined, pointer);
        next += count;
      }
      assert.equal(next, argv.length);
    },
    'the canonical text is its own canonical text'({ document, facts }) {
      const first = plannedOf(document, given(facts));
      const again = plannedOf(parse(first.canonical), given(facts));
      assert.equal(again.canonical, first.canonical);
      assert.equal(again.argvHash, first.argvHash);
      assert.ok(
        first.canonical.endsWith('\n') &&
          !first.canonical.endsWith('\n\n') &&
          !first.canonical.includes('\r'),
      );
    },
    'the host changes nothing about the profile'({ document }) {
      const { draft } = parsedOf(document);
      const hashes = [LINUX, DARWIN, WINDOWS, FREEBSD].map(
        (facts) => validationOf(outcomeOf(document, given(facts))).profile_hash,
      );
      assert.ok(new Set(hashes.filter((hash) => hash !== null)).size <= 1, draft.vm.name);
    },
    'the plan is canonical JSON, and its hash can be computed again'({ document, facts }) {
      const planned = plannedOf(document, given(facts));
      const { plan, text } = startPlan(planned);
      assert.equal(JSON.stringify(plan), canonicalize(plan));
      assert.equal(text, JSON.stringify(plan), 'the text that is sent is this plan');
      const { plan_hash, plan_id, ...rest } = plan;
      assert.equal(plan_hash, sha256(String(canonicalize(rest))));
      assert.equal(plan_id, `plan-${plan_hash.slice(7, 23)}`);
      assert.equal(planned.argvHash, sha256(planned.argv.join('\0')));
      assert.equal(planned.profileHash, sha256(planned.canonical));
      assert.deepEqual([...plan.affected_resources].sort(), [...new Set(plan.affected_resources)].sort());
    },
    'JSON and TOML say the same; comments, layout and order of keys never show'({ document, facts, toml }) {
      const answers = answersOf({ document, facts });
      assert.equal(answersOf({ document: JSON.parse(JSON.stringify(document)), facts }), answers);
      assert.equal(answersOf({ document: fromToml(toml), facts }), answers);
    },
  });
  t.end();
});

/** Every place of the schema at which a value can stand. */
const PLACES = [
  [],
  ['schema_version'],
  ...['vm', 'hardware', 'storage', 'network', 'serial', 'qmp', 'console', 'kernel'].map((section) => [
    section,
  ]),
  ...['name', 'description', 'qemu_binary'].map((key) => ['vm', key]),
  ...['arch', 'cpu', 'cores', 'memory_mb', 'acceleration'].map((key) => ['hardware', key]),
  ['storage', 'disks'],
  ['storage', 'disks', 0],
  ...['name', 'path', 'format', 'size_gb', 'boot', 'readonly'].map((key) => ['storage', 'disks', 0, key]),
  ['network', 'interfaces'],
  ['network', 'interfaces', 0],
  ...['name', 'type', 'hostfwd', 'mac'].map((key) => ['network', 'interfaces', 0, key]),
  ['network', 'interfaces', 0, 'hostfwd', 0],
  ...['enabled', 'mode', 'device', 'logfile'].map((key) => ['serial', key]),
  ...['enabled', 'socket'].map((key) => ['qmp', key]),
  ...['auto_attach', 'escape_sequence'].map((key) => ['console', key]),
  ...['enabled', 'bzimage', 'initrd', 'append'].map((key) => ['kernel', key]),
  ['unknown'],
  ['vm', 'unknown'],
  ['storage', 'disks', 0, 'unknown'],
  ['__proto__'],
];

interface Mutation {
  readonly place: readonly (string | number)[];
  readonly value: unknown;
}

function mutations(values: fc.Arbitrary<unknown>): fc.Arbitrary<Mutation[]> {
  const mutation = fc.record({
    place: fc.constantFrom(...PLACES),
    value: fc.oneof({ weight: 5, arbitrary: values }, { weight: 1, arbitrary: fc.constant(ABSENT) }),
  });
  return fc.array(mutation, { minLength: 1, maxLength: 4 });
}

/** A legal profile with some values replaced by others. */
function brokenDocument(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(validProfile(LINUX), mutations(values)).map(([profile, changes]) => {
    let document: unknown = structuredClone(profile);
    for (const { place, value } of changes) {
      if (place.length === 0) document = value === ABSENT ? {} : value;
      else if (canHold(document, place)) setAt(document, place, value);
    }
    return document;
  });
}

/** Whether a value can be set there: nothing on the way to it is something else than a table or an array. */
function canHold(document: unknown, place: readonly (string | number)[]): boolean {
  let value = document;
  for (const key of place.slice(0, -1)) {
    if (!isHolder(value)) return false;
    value = valueAt(value, [key]);
    if (value === undefined) return true;
  }
  return isHolder(value);
}

function isHolder(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}

/** A host on which every path of a profile was looked at, and nothing was as it should be. */
function strangeHost(document: unknown): Host {
  const names = ['images/root.qcow2', 'a', 'x'];
  const paths = names.map((name) => [
    `${LINUX.project_root}/${name}`,
    { kind: 'other' as const, realPath: '/dev/x' },
  ]);
  return probed(LINUX, { binary: null, paths: Object.fromEntries(paths), strictPaths: document === null });
}

const HOSTS = [given(LINUX), given(DARWIN), given(WINDOWS, true), given(FREEBSD)];

forAll('no value in any field is thrown at', 300, brokenDocument(nastyValue()), (document) => {
  for (const host of [...HOSTS, strangeHost(document)]) {
    const outcome = outcomeOf(document, host);
    const issues = issuesOf(outcome);
    assert.equal(outcome.isValid, !issues.some(({ severity }) => severity === 'error'));
    assert.ok(issues.length <= 202);
    for (const { field, message, suggestion } of issues) {
      assert.doesNotMatch(field + message + suggestion, CONTROL);
      assert.ok(message.length < 5000, `a message of ${message.length} characters`);
    }
    JSON.stringify([validationOf(outcome), issues]);
    if (!outcome.isValid) continue;
    assert.deepEqual(
      outcome.argv.filter((element) => CONTROL.test(element) || Buffer.byteLength(element) > 131071),
      [],
    );
    const { plan, text } = startPlan(outcome);
    assert.equal(JSON.stringify(plan), canonicalize(plan));
    assert.equal(text, JSON.stringify(plan), 'the text that is sent is this plan');
  }
});

t.test('each hostile value in each field', (t) => {
  const values = fc.sample(nastyValue(), { seed: SEED, numRuns: 25 });
  const [profile] = fc.sample(validProfile(LINUX), { seed: SEED, numRuns: 1 });
  for (const place of PLACES.filter(({ length }) => length > 0)) {
    for (const value of values) {
      const document = structuredClone(profile);
      if (canHold(document, place)) setAt(document, place, value);
      outcomeOf(document, given(LINUX));
    }
  }
  t.pass(`${PLACES.length * values.length} documents`);
  t.end();
});

forAll('issues do not depend on the order of keys', 150, brokenDocument(nastyJson()), (document) => {
  const expected = issuesOf(outcomeOf(document));
  const compare = (left: string, right: string) => (left < right ? -1 : 1);
  assert.deepEqual(issuesOf(outcomeOf(reordered(document, compare))), expected);
  assert.deepEqual(issuesOf(outcomeOf(reordered(document, (left, right) => compare(right, left)))), expected);
});

const SHAPE_CODES = new Set([
  'missing-field',
  'wrong-type',
  'out-of-range',
  'not-allowed',
  'empty-value',
  'invalid-name',
  'invalid-cpu',
  'invalid-hostfwd',
  'invalid-mac',
  'invalid-escape-sequence',
  'too-many-elements',
  'unknown-field',
]);

/** Rules that say more than the schema can, under a code that a rule of shape has too. */
function isBeyondSchema({ code, at }: LocatedIssue, document: unknown): boolean {
  const value = valueAt(document, at);
  switch (code) {
    case 'missing-field':
      return ['serial.logfile', 'kernel.bzimage'].includes(at.join('.'));
    case 'invalid-mac':
      return typeof value === 'string' && /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(value);
    case 'invalid-cpu':
      return (
        typeof value === 'string' &&
        value.length <= 1024 &&
        /^[a-z0-9][\w.-]*(,([+-]?[a-z0-9][\w.-]*|[a-z0-9][\w.-]*=[\w.-]+))*$/i.test(value)
      );
    default:
      return false;
  }
}

const schema = Compile(jsonSchemaOf(PROFILE, SCHEMA_VERSION));

forAll(
  'the schema for editors and the service agree about shape, but for characters that the schema cannot name',
  300,
  fc.oneof(brokenDocument(nastyJson()), validProfile(LINUX)),
  (document) => {
    const { all } = parsedOf(document).issues;
    if (all.some(({ code }) => code === 'control-character')) return;
    const shape = all.filter((issue) => SHAPE_CODES.has(issue.code) && !isBeyondSchema(issue, document));
    assert.equal(schema.Check(document), shape.length === 0, JSON.stringify(shape));
  },
);

t.test('a secret in any text of a profile is found', (t) => {
  const secrets = [
    `sk-${'a'.repeat(24)}`,
    'token=abcdef',
    'max,token=abcdef',
    // What the escape sequence can hold.
    'ctrl+AKIAIOSFODNN7EXAMPLE',
  ];
  t.equal(parsedOf(fullProfile()).holdsSecret, false);
  const held = new Set<string>();
  for (const path of textPathsOf(fullProfile())) {
    for (const secret of secrets) {
      const document = fullProfile();
      setAt(document, path, secret);
      const { holdsSecret, issues } = parsedOf(document);
      t.ok(holdsSecret, `${path.join('.')}: ${secret}`);
      // Elsewhere the value is refused anyway.
      if (!issues.all.some(({ code }) => SHAPE_CODES.has(code))) held.add(path.join('.'));
    }
  }
  t.strictSame(
    [...held],
    [
      ...['name', 'description', 'qemu_binary'].map((key) => `vm.${key}`),
      'hardware.cpu',
      ...['0.name', '0.path', '1.name', '1.path'].map((key) => `storage.disks.${key}`),
      ...['0.name', '1.name'].map((key) => `network.interfaces.${key}`),
      ...['serial.device', 'serial.logfile', 'qmp.socket', 'console.escape_sequence'],
      ...['bzimage', 'initrd', 'append'].map((key) => `kernel.${key}`),
    ],
    'all that can hold one do',
  );
  t.end();
});

function textPathsOf(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value === 'string') return [[...path]];
  return Object.entries(Object(value)).flatMap(([key, member]) => textPathsOf(member, [...path, key]));
}

t.test('another process in another time zone and language says the same', (t) => {
  const questions = [
    ...fc.sample(validCase(), { seed: SEED, numRuns: 60 }),
    ...fc
      .sample(brokenDocument(nastyJson()), { seed: SEED, numRuns: 60 })
      .map((document) => ({ document, facts: LINUX })),
  ];
  const program = fileURLToPath(new URL('help/answer_process.ts', import.meta.url));
  const env = {
    ...process.env,
    TZ: 'Pacific/Kiritimati',
    LANG: 'tr_TR.UTF-8',
    LC_ALL: 'tr_TR.UTF-8',
    HOME: '/',
    USER: 'x',
  };
  const reply = execFileSync(process.execPath, [...process.execArgv, program], {
    // Below test/, whose tsconfig.json the loader of tap looks for: elsewhere it compiles otherwise, and coverage is wrong.
    cwd: fileURLToPath(new URL('golden/', import.meta.url)),
    env,
    input: JSON.stringify(questions),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  t.strictSame(JSON.parse(reply), JSON.parse(JSON.stringify(questions)).map(answersOf));
  t.end();
});
