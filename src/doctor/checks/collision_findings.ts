/** Profiles of the directories that cannot all be used at the same time. */

import type { HostFacts } from '../../facts/host_facts.ts';
import { type Collision, type ComparedProfile, collisionsBetween } from '../../needs/collisions.ts';
import { show } from '../../profile/show.ts';
import { type Finding, finding } from '../finding.ts';
import { subjectsOf } from '../subjects.ts';

/** Thousands of profiles can be copies of one. */
const MOST_FINDINGS = 100;
const MOST_IN_METADATA = 100;
const MOST_IN_SENTENCE = 5;

export function collisionFindings(profiles: readonly ComparedProfile[], { os }: HostFacts): Finding[] {
  const collisions = collisionsBetween(profiles, os);
  const listed = collisions.slice(0, MOST_FINDINGS);
  const subjects = subjectsOf(listed.map(({ names }) => names.slice(0, 2).join('+')));
  const findings = listed.map((collision, index) => collisionFinding(collision, `${subjects[index]}`));
  const more = collisions.length - listed.length;
  return more === 0 ? findings : [...findings, moreFinding(more)];
}

function collisionFinding({ names, things, resources }: Collision, subject: string): Finding {
  return finding({
    id: `profiles-collide:${subject}`,
    severity: 'info',
    category: 'profiles',
    title: `${names.length} profiles share what one VM at a time can have`,
    description:
      `${inSentence(names.map(show))} have in common: ${inSentence(things)}. ` +
      'Start one of them at a time, or give each its own.',
    resources: resources.slice(0, MOST_IN_METADATA),
    metadata: {
      profile_count: names.length,
      profiles: names.slice(0, MOST_IN_METADATA),
      shared: things.slice(0, MOST_IN_METADATA),
      shared_count: things.length,
    },
  });
}

function inSentence(words: readonly string[]): string {
  const more = words.length - MOST_IN_SENTENCE;
  return [...words.slice(0, MOST_IN_SENTENCE), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function moreFinding(more: number): Finding {
  return finding({
    id: 'profiles-collide',
    severity: 'info',
    category: 'profiles',
    title: `${more} more groups of profiles share what one VM at a time can have`,
    description: `At most ${MOST_FINDINGS} groups of such profiles are listed; ${more} more are not. Mend the listed ones, then ask again.`,
    metadata: { groups_not_listed: more },
  });
}
