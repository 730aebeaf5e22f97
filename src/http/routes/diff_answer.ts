/** What the two sides of a diff come to: a diff, or what is wrong with the profiles. */
import { diffOldPlan, diffPlans, type PlanDiff } from '../../planning/plan_diff.ts';
import type { Planned, Refused } from '../../planning/plan_profile.ts';
import { type Issue, issuePlacer } from '../../profile/issue.ts';
import type { DiffSides, Side } from '../request/diff_request.ts';

export type DiffAnswer =
  | { readonly diff: PlanDiff; readonly after: Planned }
  /** The issues of each side that is refused, with the side in front of their field and pointer. */
  | { readonly refused: Refused; readonly where: string };

export function answerDiff({ before, after }: DiffSides): DiffAnswer {
  if (after.isValid && 'plan_hash' in before) return { diff: diffOldPlan(before, after), after };
  if (after.isValid && 'isValid' in before && before.isValid)
    return { diff: diffPlans(before, after), after };
  return refusal([...refusedSide('before', before), ...refusedSide('after', after)]);
}

interface RefusedSide {
  readonly side: Side;
  readonly refused: Refused;
}

function refusedSide(side: Side, outcome: DiffSides[Side]): RefusedSide[] {
  return 'plan_hash' in outcome || outcome.isValid ? [] : [{ side, refused: outcome }];
}

/** Name and version are those of the first. The issues have their places in the text of their side, which the whole has not. */
function refusal(sides: readonly RefusedSide[]): DiffAnswer {
  const issuesOf = (list: 'errors' | 'warnings'): Issue[] =>
    sides.flatMap(({ side, refused }) =>
      refused[list].map(issuePlacer(refused.text)).map((issue) => issueOfSide(side, issue)),
    );
  const [first] = sides as [RefusedSide];
  return {
    refused: { ...first.refused, text: null, errors: issuesOf('errors'), warnings: issuesOf('warnings') },
    where: sides.map(({ side }) => side).join(' and '),
  };
}

function issueOfSide(side: Side, issue: Issue): Issue {
  const field = issue.field === '' ? side : `${side}.${issue.field}`;
  return { ...issue, field, pointer: `/${side}${issue.pointer}` };
}
