/** A reviewer reads the expected command lines in test/golden/ first, the code after. */
import { createHash } from 'node:crypto';
import t from 'tap';
import { goldenCases } from './help/golden.ts';
import { given } from './help/hosts.ts';
import { fromToml, plannedOf } from './help/plans.ts';

for (const { name, toml, facts, argv, canonical } of goldenCases()) {
  t.test(name, (t) => {
    const planned = plannedOf(fromToml(toml), given(facts));
    t.strictSame(planned.argv, argv, 'argv, one element a line');
    t.equal(planned.canonical, canonical, 'canonical text');
    t.equal(planned.profileHash, sha256(canonical), 'profile_hash is the hash of that text');
    t.equal(planned.argvHash, sha256(argv.join('\0')), 'argv_hash is the hash of the elements');
    const again = plannedOf(fromToml(canonical), given(facts));
    t.equal(again.canonical, canonical, 'the canonical text of the canonical text is the same');
    t.strictSame(again.argv, argv, 'the canonical text says the same');
    t.end();
  });
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
}
