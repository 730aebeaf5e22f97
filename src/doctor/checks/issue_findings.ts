import type { Issue } from '../../profile/issue.ts';
import { type Finding, finding } from '../finding.ts';
import { toldApart } from '../subjects.ts';

/** What validation says of the profile, each issue as a finding. */
export function issueFindings(name: string | null, issues: readonly Issue[]): Finding[] {
  // A code with a field after it may look like a secret and is none, and a field holds none.
  const subjects = toldApart(issues.map(({ code, field }) => (field === '' ? code : `${code}:${field}`)));
  return issues.map(({ code, column, field, line, message, pointer, severity, suggestion }, index) =>
    finding({
      id: `profile-${subjects[index]}`,
      severity,
      category: 'profile',
      title: field === '' ? code : `${code} at ${field}`,
      description: `${message} ${suggestion}`,
      metadata: { code, ...(line !== undefined && { column, line }), field, pointer, profile_name: name },
    }),
  );
}
