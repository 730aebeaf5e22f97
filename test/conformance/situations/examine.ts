/** Prints what the doctor says of a profile on this host, and the plan's argv: `node examine.js PROFILE ROOT`. */
import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { diagnose } from '../../../src/doctor/diagnose.ts';
import { plainFacts } from '../../../src/facts/host_facts.ts';
import { type HostSettings, type Machine, probeHost, thisMachine } from '../../../src/host/probe_host.ts';
import { probeMachine } from '../../../src/host/probe_machine.ts';
import { probeNetwork } from '../../../src/host/probe_network.ts';
import { unknownsOf } from '../../../src/needs/need.ts';
import { parseProfile } from '../../../src/planning/parse_profile.ts';
import { planProfile } from '../../../src/planning/plan_profile.ts';

export interface Examined {
  /** What the doctor says of the profile that is no info. */
  readonly findings: readonly string[];
  /** What the plan warns of, and asks of files and sockets. */
  readonly said: readonly string[];
  /** On this host, else as it would be where nobody has looked; empty where there is none either. */
  readonly argv: readonly string[];
}

const [profile = '', projectRoot = ''] = process.argv.slice(2);
const settings: HostSettings = {
  machine: thisMachine() as Machine,
  projectRoot,
  strictPaths: false,
  searchPath: (process.env.PATH ?? '').split(delimiter),
  kvmDevice: '/dev/kvm',
};
const parsed = parseProfile(JSON.parse(readFileSync(profile, 'utf8')));
const host = await probeHost(parsed.draft, settings);
const facts = plainFacts(host.facts);
const logHealth = { directory: projectRoot, root: projectRoot, failure: null };
const machine = await probeMachine(facts, { host: settings, profileDirectories: [], logHealth });
const network = await probeNetwork(facts);
const outcome = planProfile(parsed, host);
const general = new Set(diagnose(machine, null).findings.map(({ finding_id }) => finding_id));
const report = diagnose(machine, { draft: parsed.draft, host, name: null, network, outcome });
const given = planProfile(parsed, { facts, probed: null, strictPaths: false });
const examined: Examined = {
  findings: report.findings
    .filter(({ finding_id, severity }) => severity !== 'info' && !general.has(finding_id))
    .map(({ finding_id, severity }) => `${severity} ${finding_id}`),
  said: outcome.isValid
    ? [
        ...outcome.warnings.filter(({ severity }) => severity !== 'info').map(({ code }) => code),
        ...unknownsOf(outcome.needs, host, 2)
          .filter(({ subject }) => /^(?:path|socket):/.test(subject))
          .map(({ question, subject }) => `${subject} ${question}`),
      ]
    : outcome.errors.map(({ code }) => code),
  argv: outcome.isValid ? outcome.argv : given.isValid ? given.argv : [],
};
process.stdout.write(JSON.stringify(examined));
