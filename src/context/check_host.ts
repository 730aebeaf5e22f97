/** The second stage: every rule that needs to know the host, over as much of the profile as could be read. */
import type { Findings } from '../profile/issue.ts';
import type { Draft } from '../profile/profile.ts';
import type { Host } from './host_facts.ts';
import type { PathUse } from './path_uses.ts';
import { backendsOnHost } from './rules/backends_on_host.ts';
import { binaryOnHost } from './rules/binary_on_host.ts';
import { hardwareOnHost } from './rules/hardware_on_host.ts';
import { initrdTextRules } from './rules/initrd_text.ts';
import { pathConflictRules } from './rules/path_conflicts.ts';
import { pathSightRules } from './rules/path_sights.ts';
import { pathTextRules } from './rules/path_texts.ts';

export function checkHost(draft: Draft, uses: readonly PathUse[], host: Host, findings: Findings): void {
  binaryOnHost(draft, host, findings);
  hardwareOnHost(draft, host.facts, findings);
  backendsOnHost(draft, host.facts, findings);
  for (const use of uses) {
    pathTextRules(use, host, findings);
    initrdTextRules(use, findings);
    pathSightRules(draft, use, host, findings);
  }
  pathConflictRules(draft, uses, host, findings);
}
