import type { Issue } from '../../profile/issue.ts';
import { type Finding, finding } from '../finding.ts';
import { subjectsOf } from '../subjects.ts';

/** What validation says of the profile, each issue as a finding. */
export function issueFindings(name: string | null, issues: readonly Issue[]): Finding[] {
  const subjects = subjectsOf(issues.map(({ code, field }) => (field === '' ? code : `${code}:${field}`)));
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
