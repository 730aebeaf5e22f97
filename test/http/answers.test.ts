/** The watchman of all HTTP tests: every answer goes past it, and it notices each kind of change to one. */
import { readdirSync, readFileSync } from 'node:fs';
import type { InjectOptions } from 'fastify';
import t from 'tap';
import { type Answer, complaintAbout, type SeenAnswer } from '../help/answers.ts';
import { newLab, TOML_TYPE } from '../help/app.ts';
import { ABSENT, setAt } from '../help/documents.ts';
import { envelope, SMALL_TOML } from '../help/small_profile.ts';

// On a busy machine.
t.setTimeout(120_000);

const ASKED: readonly (readonly [status: number, request: InjectOptions])[] = [
  [200, { url: '/livez' }],
  [200, { url: '/readyz' }],
  [200, { url: '/profiles' }],
  [200, { url: '/profiles/small' }],
  [200, { url: '/doctor?profile=small' }],
  [200, { url: '/problems/not-found' }],
  [200, { method: 'POST', url: '/argv', payload: envelope({ x: 1 }) }],
  [200, { method: 'POST', url: '/plans/start', payload: envelope({ x: 1 }) }],
  [200, { method: 'POST', url: '/profiles/validate', payload: envelope({ vm: {}, x: 1 }) }],
  [422, { method: 'POST', url: '/argv', payload: envelope({ vm: {}, x: 1 }) }],
  [400, { method: 'POST', url: '/argv', payload: 'a =', headers: { 'content-type': TOML_TYPE } }],
  [404, { url: '/profiles/nobody' }],
  [404, { url: '/nope' }],
];

/** Members that only some kinds of problem have. */
const OPTIONAL = /^(?:line|column|reason|profile_name|schema_version|errors|warnings)$/;
/** Where anything may stand: a profile file as JSON, and the details of a finding. */
const FREE = /^(?:parsed|findings\.[0-9]+\.metadata)(?:\.|$)/;

type Path = readonly string[];

/** Every place in a value that is not free. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const at = [...path, key];
    return FREE.test(at.join('.')) ? [] : [at, ...placesIn(member, at)];
  });
}

t.test('it notices a member that is gone, new or of another type, wherever it stands', async (t) => {
  const { ask } = await newLab(t, { profiles: { 'small.toml': SMALL_TOML } });
  // All at once: to judge them is work enough for an overload.
  const answers = await Promise.all(ASKED.map(([, request]) => ask(request)));
  let count = 0;
  for (const [index, [status, request]] of ASKED.entries()) {
    const answer = answers[index] as Answer;
    t.equal(answer.statusCode, status, String(request.url));
    const isNoticed = (path: Path, value: unknown): boolean => {
      const body = answer.json();
      setAt(body, path, value);
      const seen = changed(answer, { payload: JSON.stringify(body) });
      return complaintAbout(request, seen) !== null;
    };
    const unnoticed: string[] = [];
    for (const path of placesIn(answer.json())) {
      const place = path.join('.');
      if (!isNoticed(path, { odd: 1 }) || !isNoticed(path, -0.5)) unnoticed.push(`${place} of another type`);
      count++;
      if (/^[0-9]+$/.test(String(path.at(-1)))) continue;
      if (!isNoticed([...path.slice(0, -1), 'odd'], 1)) unnoticed.push(`a neighbour of ${place}`);
      const mayBeAbsent =
        (answer.statusCode >= 400 && OPTIONAL.test(place)) || /^(?:line|column)$/.test(String(path.at(-1)));
      if (!mayBeAbsent && !isNoticed(path, ABSENT)) unnoticed.push(`${place} gone`);
    }
    t.strictSame(unnoticed, [], `${request.url} ${answer.statusCode}: nothing goes unnoticed`);
  }
  t.ok(count > 500, `${count} places were changed`);
});

t.test('it notices what is wrong with an answer as a whole', async (t) => {
  const { ask } = await newLab(t);
  const asked: InjectOptions = { method: 'POST', url: '/argv', payload: envelope() };
  const good = await ask(asked);
  const refused = await ask({ ...asked, payload: {} });
  const page = await ask({ url: '/docs/' });
  const head = await ask({ method: 'HEAD', url: '/profiles' });
  const kept: InjectOptions = { url: '/openapi.json', headers: { 'if-none-match': '*' } };
  const unchanged = await ask(kept);
  const rows: [about: string, request: InjectOptions, answer: SeenAnswer, complaint: RegExp][] = [
    ['no request id', asked, withHeader(good, 'x-request-id', 'a b'), /no request id/],
    ['another media type', asked, withHeader(good, 'content-type', 'text/html'), /no text\/html/],
    ['no media type', asked, withHeader(good, 'content-type', undefined), /no undefined for status 200/],
    ['another status', asked, changed(good, { statusCode: 201 }), /no status 201/],
    [
      'an error that is no problem',
      asked,
      changed(good, { statusCode: 422 }),
      /application\/json for an error/,
    ],
    ['an undocumented error', asked, problem(refused, 418), /no status 418/],
    ['a problem of another status', asked, changed(refused, { statusCode: 422 }), /status is 400, not 422/],
    ['of another request', asked, withHeader(refused, 'x-request-id', 'other'), /request_id is/],
    ['half a body', asked, changed(good, { payload: good.payload.slice(1) }), /must be object/],
    ['no body', asked, changed(good, { payload: '' }), /must be object/],
    ['the body of another route', { ...asked, url: '/plans/start' }, good, /must have required/],
    ['a word of the code', asked, problem(refused, 400, 'at src/http/x.ts in /app/src/'), /names the code/],
    ['an operation that is not in the document', { url: '/argv' }, good, /no such operation/],
    ['a page elsewhere', { url: '/other/' }, page, /no such operation/],
    ['a page of another type', { url: '/docs/' }, withHeader(page, 'content-type', 'text/xml'), /no such op/],
    [
      'HEAD of another status',
      { method: 'HEAD', url: '/profiles' },
      changed(head, { statusCode: 204 }),
      /204/,
    ],
    ['a body where none belongs', kept, changed(unchanged, { payload: '{}' }), /a body for status 304/],
    ['HEAD elsewhere', { method: 'HEAD', url: '/argv' }, head, /no such operation/],
    [
      'OPTIONS that nobody asked',
      { method: 'OPTIONS', url: '/argv' },
      changed(head, { statusCode: 204 }),
      /no/,
    ],
  ];
  for (const [about, request, answer, complaint] of rows)
    t.match(String(complaintAbout(request, answer)), complaint, about);
});

t.test('no test asks past it', (t) => {
  const folder = new URL('../', import.meta.url);
  const files = readdirSync(folder, { encoding: 'utf8', recursive: true }).filter((file) =>
    file.endsWith('.test.ts'),
  );
  for (const file of files) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    t.notMatch(text, /\binject\(|(?<![\w'])fetch\(/, file);
  }
  t.end();
});

function changed({ statusCode, headers, payload }: Answer, change: Partial<SeenAnswer>): SeenAnswer {
  return { statusCode, headers, payload, ...change };
}

function withHeader(answer: Answer, name: string, value: string | undefined): SeenAnswer {
  return changed(answer, { headers: { ...answer.headers, [name]: value } });
}

function problem(refused: Answer, status: number, detail = ''): SeenAnswer {
  const payload = JSON.stringify({ ...refused.json(), status, detail });
  return changed(refused, { statusCode: status, payload });
}
