/** The stages of the pipeline as the routes run them, with the functions of dist/: what is timed in-process. */
import { parseJson } from '../../dist/http/request/json_text.js';
import { checkNeeds } from '../../dist/needs/checks.js';
import { unknownsOf } from '../../dist/needs/need.js';
import { checkUnusedPaths } from '../../dist/needs/unused_paths.js';
import { argvResult } from '../../dist/planning/argv_result.js';
import { sha256 } from '../../dist/planning/hash.js';
import { parseProfile } from '../../dist/planning/parse_profile.js';
import { canonicalToml, planProfile } from '../../dist/planning/plan_profile.js';
import { startPlan } from '../../dist/planning/start_plan.js';
import { validationResult } from '../../dist/planning/validation_result.js';
import { newIssues, reportIssues } from '../../dist/profile/issue.js';
import { decodeUtf8, parseToml } from '../../dist/profile/toml.js';
import { buildArgv, checkOnHost, needsOf } from '../../dist/topics/index.js';
import { argvOf } from '../../dist/topics/part.js';
import { PROFILE } from '../../dist/topics/profile.js';
import { HOST } from './works.js';

/** Given facts. */
const host = { facts: HOST, probed: null, strictPaths: false };

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
  'read and check profile': (_, before) => parseProfile(before['decode JSON'].profile),
  'canonical text': (_, before) => canonicalToml(parsedIn(before).draft),
  'find needs': (_, before) => needsOf(parsedIn(before).draft, host.facts),
  'check on host': (_, before) => {
    const { draft, paths, issues } = parsedIn(before);
    const more = newIssues(issues.all);
    const needs = before['find needs'];
    checkOnHost(draft, host, more);
    checkNeeds(needs, host, PROFILE, more);
    checkUnusedPaths(paths, needs, host, more);
    return reportIssues(more.all, PROFILE);
  },
  argv: (_, before) => argvOf(buildArgv(parsedIn(before).draft, host)),
  'profile and argv hashes': (_, before) => [
    sha256(before['canonical text']),
    sha256(before.argv.join('\0')),
  ],
  unknowns: (_, before) => unknownsOf(before['find needs'], host),
  '= from parsed profile to outcome': (_, before) => planProfile(parsedIn(before), host),
  'plan, written and hashed': (_, before) => startPlan(before['= from parsed profile to outcome']).text,
  'argv answer, written': (_, before) =>
    JSON.stringify(argvResult(before['= from parsed profile to outcome'])),
  'validation answer, written': (_, before) =>
    JSON.stringify(validationResult(before['= from parsed profile to outcome'])),
  '= from JSON to plan': ({ json }) => planText(json),
};

/** @param {Record<string, any>} before */
function parsedIn(before) {
  return before['read and check profile'];
}

/** From the text of a request to that of its plan. @param {string} json @returns {string} */
export function planText(json) {
  return startPlan(planProfile(parseProfile(parseJson(json).document.profile), host)).text;
}
