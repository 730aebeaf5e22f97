/** What each stage of the pipeline costs in-process: the functions of dist/, on profiles that all differ. */

import { checkHost } from '../../dist/context/check_host.js';
import { resolveContext } from '../../dist/context/resolve_context.js';
import { parseJson } from '../../dist/http/json_text.js';
import { argvResult } from '../../dist/planning/argv_result.js';
import { argvHash, sha256 } from '../../dist/planning/hash.js';
import { planProfile } from '../../dist/planning/plan_profile.js';
import { planStart } from '../../dist/planning/plan_start.js';
import { unknownsOf } from '../../dist/planning/unknowns.js';
import { validationResult } from '../../dist/planning/validation_result.js';
import { canonicalToml } from '../../dist/profile/canonical.js';
import { newFindings, reportIssues } from '../../dist/profile/issue.js';
import { decodeUtf8, parseToml } from '../../dist/profile/parse_toml.js';
import { readProfile } from '../../dist/profile/read_profile.js';
import { argvOf, buildArgv } from '../../dist/qemu/build_argv.js';
import { filled, templateOf } from './body_text.js';
import { median } from './statistics.js';
import { ANNOTATED_TOML, HOST, PLAIN_TOML, PROFILE } from './works.js';

/** Given facts, as the routes make them. */
const host = { facts: HOST, sight: null, strictPaths: false };
const VARIANTS = 500;
const TEMPLATES = {
  json: templateOf(JSON.stringify({ profile: PROFILE, host: HOST })),
  toml: templateOf(PLAIN_TOML),
  annotated: templateOf(ANNOTATED_TOML),
};

/** Stage by stage, what a variant becomes; each stage finds the results of those before it. */
const STAGES = {
  'decode UTF-8': (v) => decodeUtf8(v.bytes),
  'decode JSON': (v) => parseJson(v.json).document,
  'decode TOML': (v) => parseToml(v.toml).document,
  'decode TOML, annotated': (v) => parseToml(v.annotated).document,
  validate: (v) => readProfile(v['decode JSON'].profile),
  'validate on host': (v) => {
    const findings = newFindings(v.validate.findings.list);
    checkHost(v.validate.draft, host, findings);
    return reportIssues(findings.list);
  },
  'canonical text': (v) => canonicalToml(v.validate.draft),
  resolve: (v) => resolveContext(v.validate.draft, host),
  argv: (v) => buildArgv(v.resolve),
  hashes: (v) => [sha256(v['canonical text']), argvHash(argvOf(v.argv))],
  unknowns: (v) => unknownsOf(v.resolve, host),
  'all of these from validate on': (v) => planProfile(readProfile(v['decode JSON'].profile), host),
  'plan, with its hash': (v) => planStart(v['all of these from validate on']),
  'serialize plan': (v) => JSON.stringify(v['plan, with its hash']),
  'argv answer': (v) => argvResult(v['all of these from validate on']),
  'serialize argv answer': (v) => JSON.stringify(v['argv answer']),
  'validation answer': (v) => JSON.stringify(validationResult(v['all of these from validate on'])),
};

/**
 * @param {number} rounds
 * @returns {{ stage: string, microseconds: number }[]} Medians.
 */
export function timeStages(rounds) {
  /** @type {Record<string, number[]>} */
  const times = {};
  for (let round = 0; round < rounds; round++) {
    const variants = Array.from({ length: VARIANTS }, (_, index) => variant(round * VARIANTS + index));
    for (const [stage, run] of Object.entries(STAGES)) {
      const begun = performance.now();
      for (const one of variants) one[stage] = run(one);
      times[stage] = [...(times[stage] ?? []), ((performance.now() - begun) / VARIANTS) * 1000];
    }
  }
  return Object.entries(times).map(([stage, all]) => ({
    stage,
    // The first half is for the compiler.
    microseconds: median(all.slice(all.length >> 1)),
  }));
}

/** @param {number} number @returns {Record<string, any>} */
function variant(number) {
  const json = filled(TEMPLATES.json, number);
  return {
    json,
    bytes: Buffer.from(json),
    toml: filled(TEMPLATES.toml, number),
    annotated: filled(TEMPLATES.annotated, number),
  };
}
