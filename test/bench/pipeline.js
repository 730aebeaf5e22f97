/** The stages of the pipeline as the routes run them, with the functions of dist/: what is timed in-process. */
import { checkHost } from '../../dist/context/check_host.js';
import { pathUses } from '../../dist/context/path_uses.js';
import { resolveContext } from '../../dist/context/resolve_context.js';
import { parseJson } from '../../dist/http/json_text.js';
import { argvResultText } from '../../dist/planning/argv_result.js';
import { argvHash, sha256 } from '../../dist/planning/hash.js';
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
  'decode JSON': ({ json }) => parseJson(json).document,
  'decode TOML': ({ toml }) => parseToml(toml).document,
  'decode TOML with comments': ({ annotated }) => parseToml(annotated).document,
  'validate profile': (_, before) => readProfile(before['decode JSON'].profile),
  'validate on host': (_, before) => {
    const { draft, findings } = before['validate profile'];
    const more = newFindings(findings.list);
    const uses = pathUses(draft, host.facts);
    checkHost(draft, uses, host, more);
    return { uses, report: reportIssues(more.list) };
  },
  'canonical text': (_, before) => canonicalToml(before['validate profile'].draft),
  resolve: (_, before) =>
    resolveContext(before['validate profile'].draft, host, before['validate on host'].uses),
  argv: (_, before) => buildArgv(before.resolve),
  'profile and argv hashes': (_, before) => [sha256(before['canonical text']), argvHash(argvOf(before.argv))],
  unknowns: (_, before) => unknownsOf(before.resolve, host),
  '= from validated profile to outcome': (_, before) => planProfile(before['validate profile'], host),
  'plan, serialized and hashed': (_, before) => planStartText(before['= from validated profile to outcome']),
  'argv answer, serialized': (_, before) => argvResultText(before['= from validated profile to outcome']),
  'validation answer, serialized': (_, before) =>
    JSON.stringify(validationResult(before['= from validated profile to outcome'])),
  '= from JSON to plan': ({ json }) => planText(json),
};

/** From the text of a request to that of its plan. @param {string} json @returns {string} */
export function planText(json) {
  return planStartText(planProfile(readProfile(parseJson(json).document.profile), host));
}
