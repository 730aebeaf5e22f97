/** The stages of the pipeline as the routes run them, with the functions of dist/: what is timed in-process. */
import { checkHost } from '../../dist/context/check_host.js';
import { pathUses } from '../../dist/context/path_uses.js';
import { resolveContext } from '../../dist/context/resolve_context.js';
import { parseJson } from '../../dist/http/json_text.js';
import { argvResultText } from '../../dist/planning/argv_result.js';
import { sha256 } from '../../dist/planning/hash.js';
import { ORDINARY_STRINGS } from '../../dist/planning/json_strings.js';
import { planProfile } from '../../dist/planning/plan_profile.js';
import { planStartText } from '../../dist/planning/plan_start.js';
import { unknownsOf } from '../../dist/planning/unknowns.js';
import { validationResult } from '../../dist/planning/validation_result.js';
import { canonicalToml } from '../../dist/profile/canonical.js';
import { newFindings, reportIssues } from '../../dist/profile/issue.js';
import { decodeUtf8, parseToml } from '../../dist/profile/parse_toml.js';
import { readProfile } from '../../dist/profile/read_profile.js';
import { argvOf, buildArgv } from '../../dist/qemu/build_argv.js';
import { HOST } from './works.js';

/** Given facts. */
const host = { facts: HOST, sight: null, strictPaths: false };

/**
 * @typedef {object} Texts What requests are made of.
 * @property {Buffer} bytes The JSON as it arrives.
 * @property {string} json
 * @property {string} toml
 * @property {string} annotated TOML that is full of comments.
 */

/**
 * Each stage by its name: from the texts and the results of the stages before it.
 * @type {Readonly<Record<string, (texts: Texts, before: Record<string, any>) => unknown>>}
 */
export const STAGES = {
  'decode UTF-8': ({ bytes }) => decodeUtf8(bytes),
  'decode JSON': ({ json, bytes }) => parseJson(json, bytes).document,
  'decode TOML': ({ toml }) => parseToml(toml).document,
  'decode TOML with comments': ({ annotated }) => parseToml(annotated).document,
  'validate profile, write canonical text': (_, before) => readProfile(before['decode JSON'].profile),
  'canonical text alone': (_, before) => canonicalToml(readingOf(before).draft),
  'find paths': (_, before) => pathUses(readingOf(before).draft, host.facts),
  'validate on host': (_, before) => {
    const { draft, findings } = readingOf(before);
    const more = newFindings(findings.list);
    checkHost(draft, before['find paths'], host, more);
    return reportIssues(more.list);
  },
  resolve: (_, before) => resolveContext(readingOf(before).draft, host, before['find paths']),
  argv: (_, before) => argvOf(buildArgv(before.resolve)),
  'profile and argv hashes': (_, before) => [
    sha256(readingOf(before).ordinary),
    sha256(before.argv.join('\0')),
  ],
  unknowns: (_, before) => unknownsOf(before.resolve, host, ORDINARY_STRINGS),
  '= from validated profile to outcome': (_, before) => planProfile(readingOf(before), host),
  'plan, written and hashed': (_, before) => planStartText(before['= from validated profile to outcome']),
  'argv answer, written': (_, before) => argvResultText(before['= from validated profile to outcome']),
  'validation answer, written': (_, before) =>
    JSON.stringify(validationResult(before['= from validated profile to outcome'])),
  '= from JSON to plan': ({ json }) => planText(json),
};

/** @param {Record<string, any>} before */
function readingOf(before) {
  return before['validate profile, write canonical text'];
}

/** From the text of a request to that of its plan. @param {string} json @returns {string} */
export function planText(json) {
  return planStartText(planProfile(readProfile(parseJson(json).document.profile), host));
}
