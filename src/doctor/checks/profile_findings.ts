import type { HostSurvey } from '../../context/host_survey.ts';
import { type DiagnosedProfile, examined, isSaidByFinding, issuesOf } from '../examined.ts';
import type { Finding } from '../finding.ts';
import { bootFileFindings } from './boot_file_findings.ts';
import { bridgeFindings } from './bridge_findings.ts';
import { diskFindings } from './disk_findings.ts';
import { issueFindings } from './issue_findings.ts';
import { portFindings } from './port_findings.ts';
import { profileBinaryFindings } from './profile_binary_findings.ts';
import { serialLogFindings } from './serial_log_findings.ts';
import { shareFindings } from './share_findings.ts';
import { socketFindings } from './socket_findings.ts';
import { spaceFindings } from './space_findings.ts';
import { tapFindings } from './tap_findings.ts';

/** What one profile needs of this host. An issue that a check here says better is said by that check alone. */
export function profileFindings(survey: HostSurvey, profile: DiagnosedProfile): Finding[] {
  const issues = issuesOf(profile.outcome);
  if (survey.profile === null) return issueFindings(profile.name, issues);
  const one = examined(survey, survey.profile, profile);
  return [
    ...issueFindings(
      profile.name,
      issues.filter((issue) => !isSaidByFinding(issue)),
    ),
    ...profileBinaryFindings(one),
    ...diskFindings(one),
    ...spaceFindings(one),
    ...shareFindings(one),
    ...bootFileFindings(one),
    ...socketFindings(one),
    ...serialLogFindings(one),
    ...portFindings(one),
    ...tapFindings(one),
    ...bridgeFindings(one),
  ];
}
