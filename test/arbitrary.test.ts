/** That random profiles are valid, and that nothing of the schema is left out of them. */
import fc from 'fast-check';
import t from 'tap';
import { HOST_SYSTEMS } from '../src/facts/host_facts.ts';
import { parseProfile } from '../src/planning/parse_profile.ts';
import { planProfile } from '../src/planning/plan_profile.ts';
import { type AnyKey, count, flag, list, path, table, text, wordsIn } from '../src/profile/key.ts';
import { PROFILE, SCHEMA_VERSION } from '../src/topics/profile.ts';
import { arbitraryOf, type Rules } from './arbitrary/from_schema.ts';
import { hintedKeys, type ValidCase, validCase, validProfile } from './arbitrary/profile.ts';
import { given, LINUX } from './help/hosts.ts';

// On a busy machine.
t.setTimeout(120_000);

/** One with which few rounds are enough to see everything. */
const SEED = 3;
const ROUNDS = 40;
/** In a round, of each kind. */
const CASES = 50;
const ABSENT = 'absent';

/** What random profiles have to show of each key: that it is there, and not there where it may be absent, and its values. */
function wanted(key: AnyKey, name = ''): string[] {
  const own = [`${name} there`, ...(key.isRequired || name === '' ? [] : [`${name} ${ABSENT}`])];
  switch (key.kind) {
    case 'flag':
      return [...own, `${name} true`, `${name} false`];
    case 'word':
      return [...own, ...wordsIn(key, SCHEMA_VERSION).map((word) => `${name} ${word}`)];
    case 'count':
      return [...own, `${name} ${key.minimum}`, `${name} ${key.maximum}`];
    case 'text':
      return own;
    case 'list':
      return [...own, `${name} []`, ...wanted({ ...key.element, isRequired: true }, `${name}[]`)];
    case 'table':
      return [
        ...own,
        ...Object.entries(key.keys).flatMap(([below, each]) => wanted(each, `${name}.${below}`)),
      ];
  }
}

function note(key: AnyKey, value: unknown, seen: Set<string>, name = ''): void {
  seen.add(`${name} ${value === undefined ? ABSENT : 'there'}`);
  if (value === undefined) return;
  if (key.kind === 'table')
    for (const [below, each] of Object.entries(key.keys))
      note(each, Object(value)[below], seen, `${name}.${below}`);
  else if (key.kind === 'list') {
    const elements = value as unknown[];
    if (elements.length === 0) seen.add(`${name} []`);
    for (const element of elements) note(key.element, element, seen, `${name}[]`);
  } else if (key.kind !== 'text') seen.add(`${name} ${value}`);
}

/** By what they are for. */
const KINDS: Readonly<Record<string, fc.Arbitrary<ValidCase>>> = {
  ...Object.fromEntries(HOST_SYSTEMS.map((system) => [system, validCase(system)])),
  // Rare among the others, and a few values are for nothing else.
  kvm: validProfile(LINUX, 2, ['x86_64']).map((document) => ({ document, facts: LINUX })),
};

t.test('random profiles are valid on each system, and all that the schema has is in them', (t) => {
  const seen = new Set<string>();
  const unseen = (): string[] => wanted(PROFILE).filter((sight) => !seen.has(sight));
  for (let round = 0; round < ROUNDS && unseen().length > 0; round++) {
    for (const [kind, cases] of Object.entries(KINDS)) {
      const refused = fc.sample(cases, { seed: SEED + round, numRuns: CASES }).flatMap((one) => {
        note(PROFILE, one.document, seen);
        const outcome = planProfile(parseProfile(one.document), given(one.facts));
        return outcome.isValid ? [] : outcome.errors.map(({ message }) => message);
      });
      t.strictSame(refused.slice(0, 5), [], `${kind}, round ${round}`);
    }
  }
  t.strictSame(unseen(), []);
  t.end();
});

t.test('hints are for keys that there are', (t) => {
  const names = wanted(PROFILE).map((sight) => sight.replace(/^\.|\[\]| .*$/g, ''));
  t.strictSame(
    hintedKeys().filter((name) => !names.includes(name)),
    [],
  );
  t.end();
});

const RULES: Rules = { os: 'linux', version: 2, hints: {}, lacking: [] };

t.test('keys of later versions are left out', (t) => {
  const keys = { first: flag('', { required: true }), second: flag('', { required: true, since: 2 }) };
  const keysOf = (version: number) =>
    fc
      .sample(arbitraryOf(table('', keys), { ...RULES, version }), { seed: SEED, numRuns: 1 })
      .map((one) => Object.keys(Object(one)));
  t.strictSame(keysOf(1), [['first']]);
  t.strictSame(keysOf(2), [['first', 'second']]);
  t.end();
});

t.test('no two keys name one file', (t) => {
  const element = table('', { a: path('', { required: true }), b: path('', { required: true }) });
  const lists = { list: list(element, '', { most: 9 }), more: list(path('', {}), '', { most: 9 }) };
  for (const sample of fc.sample(arbitraryOf(table('', lists), RULES), { seed: SEED, numRuns: 100 })) {
    const stems = JSON.stringify(sample).match(/(?:list|more)\.\d+(?:\.[ab])?(?=-)/g) ?? [];
    if (new Set(stems).size < stems.length) t.fail('one stem for two keys', { stems });
  }
  t.pass('100 samples');
  t.end();
});

t.test('a text of which too little is known is an error that names its key', (t) => {
  const keys = {
    section: table('', {
      open: text('', { pattern: '[a-z]' }),
      bound: count('', { minimum: 1, maximum: 1 }),
    }),
  };
  t.throws(() => arbitraryOf(table('', keys), RULES), /section\.open/);
  const hints = { 'section.open': () => fc.constant('a') };
  t.doesNotThrow(() => arbitraryOf(table('', keys), { ...RULES, hints }));
  t.end();
});
