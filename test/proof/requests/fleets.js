/** Many VMs at once: those of the shipped and golden profiles, by name, for every host and for this one, and broken ones. */
import { HOSTS, JSON_TYPE, postJson, postLines, textsOf } from './make.js';

/** @typedef {import('../http.js').Request} Request */

const FLEET = '/plans/fleet';

/** @returns {Request[]} */
export function fleets() {
  const shipped = textsOf('profiles');
  const golden = textsOf('test/golden').map(({ text }) => ({ profile_toml: text }));
  const named = shipped.map(({ name }) => ({ id: name, profile_name: name }));
  const everywhere = HOSTS.flatMap((host) => golden.map((source) => ({ ...source, host })));
  const odd = ['broken', 'empty', 'not-utf8', 'folder', 'fifo', 'loop', 'dangling', 'zero', 'huge', '../x'];
  const broken = [
    '',
    '{',
    'null',
    '{}{}',
    '[1]',
    '{"id":1}',
    '{"id":"a","id":"a"}',
    `{"id":"${'x'.repeat(1000)}"}`,
    `"${'x'.repeat(300_000)}"`,
    '['.repeat(10_000),
    { id: `token=ghp_${'a'.repeat(36)}`, profile_name: 'minimal' },
    { id: 'twice', profile_name: 'minimal', host: HOSTS[0] },
    { id: 'twice', profile_name: 'minimal', host: HOSTS[0] },
    { profile_toml: 'a = ' },
    { profile_name: 'minimal', dry_run: false },
  ];
  const documents = [
    { requests: named },
    { host: HOSTS[0], plans: false, requests: named },
    { requests: everywhere },
    { requests: odd.map((profile_name) => ({ profile_name })) },
    { requests: [{ id: 'a' }, { id: 'a' }] },
    { requests: 1 },
    { host: {}, requests: [] },
    { requests: broken.filter((line) => typeof line === 'object') },
  ];
  return [
    ...documents.map((document) => postJson(FLEET, document)),
    {
      name: 'a fleet for people',
      method: 'POST',
      path: FLEET,
      headers: { ...JSON_TYPE, accept: 'text/markdown' },
      body: JSON.stringify({ requests: [...named, ...everywhere] }),
    },
    postLines([]),
    postLines(named),
    postLines([...everywhere, ...broken, ...named], '?plans=false'),
    postLines(odd.map((profile_name) => ({ profile_name }))),
    postLines(
      Array.from({ length: 2000 }, (_, index) => ({ profile_name: 'minimal', host: HOSTS[index % 5] })),
    ),
    postLines(['x'.repeat(1_000_000)]),
  ];
}
