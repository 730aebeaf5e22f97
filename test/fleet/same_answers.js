/** Whoever answers, a plan is the same bytes, and a balancer passes them on as they are. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { sendAll } from '../proof/http.js';
import { HOSTS, JSON_TYPE, TOML } from '../proof/requests/make.js';
import { allRequests } from '../proof/requests.js';
import { REPOSITORY } from '../proof/service.js';
import { SERVED_BY } from './balancers.js';
import { traitsOf } from './instances.js';

/** @typedef {import('../proof/http.js').Asked} Asked */
/** @typedef {import('../proof/http.js').Answer} Answer */

const ROUTES = ['/argv', '/plans/start', '/profiles/validate'];
const FORMS = [{}, { accept: 'text/plain' }, { accept: 'text/x-shellscript' }, { accept: 'text/markdown' }];
/** Of the connection, or of the moment. */
const NOT_COMPARED = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'server', SERVED_BY]);
const MOST_SHOWN = 5;

/**
 * @param {import('../proof/report.js').Report} report
 * @param {readonly import('./instances.js').Instance[]} instances
 * @param {readonly import('./balancers.js').Balancer[]} balancers
 */
export async function proveSameAnswers(report, instances, balancers) {
  const traits = instances.map(traitsOf);
  for (const [index, { name }] of instances.entries())
    report.note(`${name}: ${Object.values(traits[index] ?? {}).join(', ')}`);
  const alike = Object.keys(traits[0] ?? {}).filter(
    (trait) => new Set(traits.map((each) => Object(each)[trait])).size < instances.length,
  );
  report.check(alike.length === 0, 'the instances are unlike in all that must not show', { alike });

  const requests = planningRequests();
  const [first = [], ...others] = await Promise.all(instances.map(({ port }) => sendAll(port, requests)));
  report.note(`answers: ${JSON.stringify(statusCounts(first))}`);
  for (const answers of others)
    compare(
      report,
      `${requests.length} requests get the same bytes from each instance`,
      requests,
      first,
      answers,
    );
  // Of other requests a balancer may refuse some by itself.
  const posts = requests.filter(({ method }) => method === 'POST');
  const direct = first.filter((_, index) => requests[index]?.method === 'POST');
  for (const { name, port } of balancers) {
    const answers = await sendAll(port, posts);
    compare(report, `${name} passes ${posts.length} of them on as they are`, posts, direct, answers);
    const servers = new Set(answers.map(({ headers }) => headers[SERVED_BY]));
    report.check(servers.size === instances.length, `and ${name} has asked every instance`, [...servers]);
  }
}

/** Each with a request id of its own, so that problems are the same bytes too. */
function planningRequests() {
  const hostile = allRequests(1).filter(
    (request) => 'path' in request && /^\/(argv|plans|profiles)\b/.test(request.path),
  );
  return [...shippedProfiles(), .../** @type {Asked[]} */ (hostile)].map((request, index) => ({
    ...request,
    headers: { ...request.headers, 'x-request-id': `fleet-${index}` },
  }));
}

/** Each shipped profile for each host, as a name, as TOML in JSON, as an object; and as TOML for this host. */
function shippedProfiles() {
  const files = readdirSync(join(REPOSITORY, 'profiles')).filter((file) => file.endsWith('.toml'));
  return files.flatMap((file) => {
    const text = readFileSync(join(REPOSITORY, 'profiles', file), 'utf8');
    const sources = [
      { profile_name: file.replace('.toml', '') },
      { profile_toml: text },
      { profile: parse(text) },
    ];
    const envelopes = HOSTS.flatMap((host) => sources.map((source) => ({ ...source, host })));
    const post = (
      /** @type {string} */ path,
      /** @type {Record<string, string>} */ headers,
      /** @type {string} */ body,
    ) => ({ name: `${file} to ${path}`, method: 'POST', path, headers, body });
    return ROUTES.flatMap((path) => [
      ...envelopes.map((envelope) => post(path, JSON_TYPE, JSON.stringify(envelope))),
      ...FORMS.map((accept) => post(path, { ...TOML, ...accept }, text)),
    ]);
  });
}

/**
 * @param {import('../proof/report.js').Report} report
 * @param {string} statement
 * @param {readonly Asked[]} requests
 * @param {readonly Answer[]} left
 * @param {readonly Answer[]} right
 */
function compare(report, statement, requests, left, right) {
  const differences = requests.flatMap(({ name }, index) => {
    const texts = [textOf(left[index]), textOf(right[index])];
    return texts[0] === texts[1] ? [] : [[name, ...texts].join('\n')];
  });
  report.check(differences.length === 0, statement, differences.slice(0, MOST_SHOWN).join('\n\n'));
}

/** @param {Answer | undefined} answer */
function textOf(answer) {
  const { status, headers, body } = answer ?? { status: 0, headers: {}, body: '' };
  const compared = Object.entries(headers).filter(([name]) => !NOT_COMPARED.has(name));
  return `${status} ${JSON.stringify(compared.sort())}\n${body}`;
}

/** @param {readonly Answer[]} answers */
function statusCounts(answers) {
  /** @type {Record<number, number>} */
  const counts = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
