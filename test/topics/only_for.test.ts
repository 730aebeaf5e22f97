/**
 * Every key and word that is only for some architectures, machines, systems, accelerators, buses or types: its code, a message
 * with the value and the reason, and a suggestion of what to write instead.
 */
import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { newIssues } from '../../src/profile/issue.ts';
import { BUSES_WITH, IMAGE_KEYS } from '../../src/topics/disk_rules.ts';
import { checkOnHost, checkProfile } from '../../src/topics/index.ts';
import { KEYS_OF_TYPES } from '../../src/topics/network.ts';
import type { ProfilePath } from '../../src/topics/profile.ts';
import { SHARE_SYSTEMS } from '../../src/topics/share.ts';
import { type Change, changed } from '../help/documents.ts';
import { type Host, ON_LINUX } from '../help/hosts.ts';
import { NETWORK, OF_TYPE, REST, SCREEN, SHARES } from '../help/only_for_devices.ts';
import { DRIVES, FIRMWARE, MACHINE, OF_BUS, OF_IMAGE } from '../help/only_for_machines.ts';
import { draftOf, issuesOf, outcomeOf } from '../help/plans.ts';

const V2 = { schema_version: 2 } as const;

const ROWS = [...MACHINE, ...FIRMWARE, ...DRIVES, ...SHARES, ...NETWORK, ...SCREEN, ...REST];

t.test('each has its code, the value, the reason, and what to write instead', (t) => {
  for (const { field, change, not, says, instead, on = ON_LINUX } of ROWS) {
    const issues = issuesOf(outcomeOf(changed({ ...V2, ...change }), on));
    const [value, reason] = says;
    const about = `${field} ${reason}`;
    const issue = issues.find((one) => one.code === `not-for-${not}` && one.field === field);
    t.match(issue, { severity: 'error', suggestion: instead }, about);
    t.equal(issue?.pointer, `/${field.replaceAll(/[.[]/g, '/').replaceAll(']', '')}`, about);
    t.ok(
      issue?.message.startsWith(`${field} is ${value}, which is only for "`),
      `${about}: ${issue?.message}`,
    );
    t.ok(issue?.message.endsWith(` is ${reason}.`), `${about}: ${issue?.message}`);
  }
  t.end();
});

t.test('words and keys that share a rule have each their row', (t) => {
  t.strictSame(Object.keys(OF_BUS), Object.keys(BUSES_WITH));
  t.strictSame([...Object.keys(OF_IMAGE), 'readonly'].sort(), Object.keys(IMAGE_KEYS).sort());
  t.strictSame(Object.keys(OF_TYPE), Object.keys(KEYS_OF_TYPES));
  t.strictSame(
    new Set(SHARES.filter(({ not }) => not === 'os').map(({ says: [value] }) => value)),
    new Set(Object.keys(SHARE_SYSTEMS).map((type) => `"${type}"`)),
  );
  t.end();
});

const TOPICS = new URL('../../src/topics/', import.meta.url);

t.test('there is no rule without a row', (t) => {
  const asked = new Set<string>();
  for (const { change, on = ON_LINUX } of ROWS) for (const line of linesAsking(change, on)) asked.add(line);
  const unasked = readdirSync(TOPICS).flatMap((file) =>
    readFileSync(new URL(file, TOPICS), 'utf8')
      .split('\n')
      .map((line, index) => ({ line, at: `${file}:${index + 1}` }))
      .filter(({ line }) => /\b(?:checkOnlyFor|onlyFor\w*)\(/.test(line) && !line.includes('function '))
      .filter(({ at }) => !asked.has(at))
      .map(({ at }) => at),
  );
  t.strictSame(unasked, []);
  t.end();
});

/** The lines of topics that led to a `not-for-…`: of `checkOnlyFor`, and of what is called `onlyFor…` and ends there. */
function linesAsking(change: Change, on: Host): string[] {
  const lines: string[] = [];
  const issues = newIssues<ProfilePath>();
  const watched: typeof issues = {
    ...issues,
    error: (at, code, ...more) => {
      if (code.startsWith('not-for-'))
        for (const [, line] of String(new Error().stack).matchAll(/src\/topics\/([a-z_0-9]+\.ts:\d+):/g))
          lines.push(line as string);
      issues.error(at, code, ...more);
    },
  };
  const draft = draftOf(changed({ ...V2, ...change }));
  checkProfile(draft, watched);
  checkOnHost(draft, on, watched);
  return lines;
}
