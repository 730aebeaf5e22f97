/** The issues of a profile as SARIF 2.1.0, which code review tools show at their lines. */
import { ISSUE_CODES, type IssueCode } from '../profile/codes.ts';
import type { Issue, Severity } from '../profile/issue.ts';
import { PRODUCT, VERSION } from './product.ts';

/** What is said of a result. */
export type SarifIssue = Pick<Issue, 'code' | 'severity' | 'message' | 'suggestion' | 'line' | 'column'>;

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** `uri` is the file that the profile is in, as a reference that is percent-encoded. */
export function sarifOf(issues: readonly SarifIssue[], uri: string): object {
  const codes = [...new Set(issues.map(({ code }) => code))];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: PRODUCT, semanticVersion: VERSION, rules: codes.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        results: issues.map(({ code, severity, message, suggestion, line, column }) => ({
          ruleId: code,
          ruleIndex: codes.indexOf(code),
          level: LEVELS[severity],
          message: { text: `${message} ${suggestion}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri },
                ...(line !== undefined && { region: { startLine: line, startColumn: column } }),
              },
            },
          ],
        })),
      },
    ],
  };
}

function ruleOf(id: IssueCode): object {
  const { means, mend } = ISSUE_CODES[id];
  // GitHub asks for the full description too.
  return {
    id,
    shortDescription: { text: means },
    fullDescription: { text: `${means} ${mend}` },
    help: { text: mend },
  };
}
