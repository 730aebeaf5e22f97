/** The documents of openapi/: up to date, complete, and true to what the service answers. */
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { parse } from 'yaml';
import { EXAMPLE_PROFILES, type ExampleProfile } from '../../src/http/openapi/example_profiles.ts';
import { openapiDocuments } from '../../src/openapi_documents.ts';
import { DOCUMENT, type OpenapiOperation, validatorOf } from '../help/answers.ts';
import { JSON_TYPE, newLab, TOML_TYPE } from '../help/app.ts';
import { qcow2 } from '../help/images.ts';
import { fromToml } from '../help/plans.ts';
import { envelope, SMALL, SMALL_TOML } from '../help/small_profile.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = new URL('../../openapi/', import.meta.url);

const VERB_AND_NOUN = /^(check|create|diff|examine|get|list|migrate|plan|validate)([A-Z][a-z]+)+$/;

/** The planning operations have examples of requests. */
const PATHS = {
  createArgv: '/argv',
  planStart: '/plans/start',
  validateProfile: '/profiles/validate',
} as const;

t.test('the committed documents are those of this source: `npm run openapi` writes them', async (t) => {
  const documents = await openapiDocuments();
  const committed = readdirSync(FOLDER).filter((file) => /\.(json|yaml)$/.test(file));
  t.strictSame(committed.sort(), Object.keys(documents).sort(), 'the files');
  for (const [file, text] of Object.entries(documents)) {
    if (committed.includes(file))
      t.ok(readFileSync(new URL(file, FOLDER), 'utf8') === text, `${file} is the same byte for byte`);
    t.ok(text.endsWith('\n'), `${file} ends with a line break`);
    t.notOk(text.includes(REPOSITORY), `${file} says nothing of where it was made`);
  }
  t.same(
    parse(String(documents['openapi.yaml'])),
    JSON.parse(String(documents['openapi.json'])),
    'YAML and JSON say the same',
  );
  t.strictSame(await openapiDocuments(), documents, 'made again');

  const options = { tokens: ['token'], rateLimit: 100, bodyLimit: 1000 };
  const { get } = await newLab(t, {}, options);
  const headers = { authorization: 'Bearer token' };
  const served = {
    'openapi.json': '/openapi.json',
    'openapi.yaml': '/openapi.yaml',
    'profile.schema.json': '/schemas/profile.json',
  };
  for (const [file, url] of Object.entries(served)) {
    const { payload } = await get(url, headers);
    t.ok(payload === documents[file], `${url} serves them, whatever is configured`);
  }
});

t.test('every route is in the document', async (t) => {
  const { app } = await newLab(t);
  await app.ready();
  const { paths, components } = DOCUMENT;
  const documented = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  t.strictSame(documented.sort(), routesIn(app.printRoutes({ commonPrefix: false })).sort());

  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  const ids = operations.map(({ operationId }) => operationId);
  t.equal(new Set(ids).size, ids.length, 'operationIds are unique');
  const schemas = Object.keys(components.schemas);
  t.strictSame(schemas, [...schemas].sort(), 'schemas are in the order of their names');
  const isProblem = validatorOf({ $ref: '#/components/schemas/Problem' });
  for (const { operationId, summary, description, responses } of operations) {
    t.match(operationId, VERB_AND_NOUN, `${operationId} is a name for code`);
    t.match([summary, description], [/\w/, /\w/], `${operationId}: summary and description`);
    for (const [status, { description, content }] of Object.entries(responses)) {
      const about = `${operationId} ${status}`;
      t.match(description, /\w/, `${about}: description`);
      if (status === '304') t.equal(content, undefined, `${about}: no body`);
      for (const media of Object.values(content ?? {})) t.ok(media.schema, `${about}: schema`);
      if (Number(status) < 400) continue;
      t.strictSame(Object.keys(content ?? {}), ['application/problem+json'], `${about}: a problem`);
      const examples = Object.values(content?.['application/problem+json']?.examples ?? {});
      t.ok(examples.length > 0, `${about}: examples`);
      for (const { value } of examples) {
        t.ok(isProblem(value), `${about}: an example that follows its schema`);
        t.match(
          value,
          { status: Number(status), type: `/problems/${Object(value).code}` },
          `${about}: of this status`,
        );
      }
    }
  }
});

/** Methods and paths of a printed tree of routes, in the document's spelling; without those of Swagger UI and HEAD. */
function routesIn(tree: string): string[] {
  const routes: string[] = [];
  const parents: string[] = [];
  for (const line of tree.split('\n').filter((text) => text !== '')) {
    const [, indent = '', name = '', methods = ''] = /^([│├└─ ]*)(\S+) \((.*)\)$/.exec(line) ?? [];
    const depth = indent.length / 4 - 1;
    parents.splice(depth, Infinity, name);
    const path = parents.join('').replace(/:([a-z]+)/g, '{$1}');
    const own = methods.split(', ').filter((method) => method !== 'HEAD');
    // Pages are for people.
    if (!/^\/(?:docs|page|$)/.test(path)) routes.push(...own.map((method) => `${method} ${path}`));
  }
  return routes;
}

t.test('the examples are true', async (t) => {
  // Not in the checkout, whose own path may be too long for the sockets of an example; nothing is written there.
  const projectRoot = '/tmp';
  const machine = { os: 'linux', arch: 'x86_64' } as const;
  const kvmDevice = `${projectRoot}/kvm`;
  const host = { machine, projectRoot, strictPaths: false, searchPath: [], kvmDevice };
  const { post } = await newLab(t, {}, { host });
  const isPlanRequest = validatorOf({ $ref: '#/components/schemas/PlanRequest' });
  for (const [operationId, path] of Object.entries(PATHS)) {
    const operation = DOCUMENT.paths[path]?.post as OpenapiOperation;
    t.equal(operation.operationId, operationId);
    const { [JSON_TYPE]: json, [TOML_TYPE]: toml } = operation.requestBody?.content ?? {};
    const keys = Object.keys(json?.examples ?? {});
    t.ok(keys.length >= 3, `${operationId}: ${keys}`);
    t.strictSame(
      Object.keys(toml?.examples ?? {}),
      keys,
      `${operationId}: the same keys for both media types`,
    );
    for (const key of keys) {
      const about = `${operationId} ${key}`;
      const request = json?.examples?.[key]?.value as { profile: unknown };
      const text = toml?.examples?.[key]?.value as string;
      t.ok(isPlanRequest(request), `${about}: follows the schema of requests`);
      t.same(fromToml(text), request.profile, `${about}: TOML and JSON say the same`);
      t.equal(toml?.examples?.[key]?.summary, json?.examples?.[key]?.summary, `${about}: summary`);
      const answer = await post(path, request);
      const mediaType = answer.statusCode === 200 ? JSON_TYPE : 'application/problem+json';
      const example = operation.responses[answer.statusCode]?.content?.[mediaType]?.examples?.[key]?.value;
      t.strictSame(
        withoutPlace(answer.json()),
        withoutPlace(example),
        `${about}: the service answers what it shows`,
      );
      for (const [accept, { examples }] of Object.entries(operation.responses['200']?.content ?? {})) {
        if (accept === JSON_TYPE || answer.statusCode !== 200 || examples === undefined) continue;
        const form = await post(path, request, JSON_TYPE, { accept });
        t.equal(form.payload, examples[key]?.value, `${about}: ${accept} too`);
      }
      if ((EXAMPLE_PROFILES as Readonly<Record<string, ExampleProfile>>)[key]?.needsFiles) continue;
      const ofToml = await post(path, text, TOML_TYPE);
      t.equal(ofToml.statusCode, answer.statusCode, `${about}: TOML works at once, on whatever host`);
      const messages = (body: object): string[] =>
        (Object(body).errors ?? []).map(({ message }: { message: string }) => message);
      t.strictSame(messages(ofToml.json()), messages(answer.json()), `${about}: with the same errors`);
    }
    const mistakes = operation.responses[operationId === 'validateProfile' ? 200 : 422]?.content;
    const [{ examples: shown = {} } = {}] = Object.values(mistakes ?? {});
    t.equal(
      Object(shown.mistakes?.value).errors.length,
      3,
      `${operationId}: three mistakes are three errors`,
    );
  }
});

t.test('the examples of answers about this host are true', async (t) => {
  const { get } = await newLab(t);
  const { paths } = DOCUMENT;
  const profiles = paths['/argv']?.post?.requestBody?.content[TOML_TYPE]?.examples;
  const withProfile = {
    kvm: '',
    profiles: { 'minimal.toml': String(profiles?.minimal?.value) },
    images: { 'minimal.qcow2': qcow2({ size: 20 * 1024 ** 3 }) },
  };
  const answers: [url: string, path: string, files: object][] = [
    ['/profiles', '/profiles', withProfile],
    ['/profiles/minimal', '/profiles/{name}', withProfile],
    ['/readyz', '/readyz', withProfile],
    ['/problems/profile-invalid', '/problems/{code}', withProfile],
    ['/doctor?category=acceleration,profiles', '/doctor', {}],
  ];
  for (const [url, path, files] of answers) {
    const lab = await newLab(t, { ...files, bin: { 'qemu-system-x86_64': '' } }, (root) => ({
      host: {
        machine: { os: 'linux', arch: 'x86_64' },
        projectRoot: root,
        strictPaths: false,
        searchPath: [join(root, 'bin')],
        kvmDevice: join(root, 'kvm' in files ? 'kvm' : 'no-kvm'),
      },
    }));
    chmodSync(join(lab.root, 'bin/qemu-system-x86_64'), 0o755);
    const { payload } = await lab.get(url);
    const examples = Object.values(paths[path]?.get?.responses[200]?.content?.[JSON_TYPE]?.examples ?? {});
    t.equal(examples.length, 1, `${path}: an example`);
    const answer = payload.replaceAll(join(lab.root, 'no-kvm'), '/dev/kvm').replaceAll(lab.root, '/srv/lab');
    t.strictSame(withoutHost(JSON.parse(answer)), withoutHost(examples[0]?.value), `${url} is answered so`);
  }
  const texts: [path: string, mediaType: string][] = [
    ['/metrics', 'text/plain'],
    ['/openapi.yaml', 'application/yaml'],
  ];
  for (const [path, mediaType] of texts) {
    const schema = paths[path]?.get?.responses[200]?.content?.[mediaType]?.schema;
    const [part] = Object(schema).examples;
    t.ok((await get(path)).payload.includes(part), `${path} holds what it shows`);
  }
});

t.test('the examples of a diff are true', async (t) => {
  const { post } = await newLab(t);
  const isDiffRequest = validatorOf({ $ref: '#/components/schemas/DiffRequest' });
  const operation = DOCUMENT.paths['/plans/diff']?.post as OpenapiOperation;
  const { requestBody, responses } = operation;
  t.strictSame(Object.keys(requestBody?.content ?? {}), [JSON_TYPE], 'no TOML');
  const examples = Object.entries(requestBody?.content[JSON_TYPE]?.examples ?? {});
  t.ok(examples.length >= 5, 'examples');
  for (const [key, { summary, value }] of examples) {
    t.ok(isDiffRequest(value), `${key}: follows the schema of requests`);
    const answer = await post('/plans/diff', value as object);
    const mediaType = answer.statusCode === 200 ? JSON_TYPE : 'application/problem+json';
    const example = responses[answer.statusCode]?.content?.[mediaType]?.examples?.[key];
    t.equal(example?.summary, summary, `${key}: summary`);
    t.strictSame(
      withoutPlace(answer.json()),
      withoutPlace(example?.value),
      `${key}: the service answers what it shows`,
    );
  }
});

/** An answer without what differs from request to request. */
function withoutPlace(answer: unknown): object {
  const { request_id, instance, ...rest } = Object(answer);
  return rest;
}

/** A diff asks for two plan requests where the others ask for one. */
function requestOf(path: string, body: object | string): object | string {
  if (typeof body !== 'object') return body;
  if (path === '/plans/fleet') return { requests: [body] };
  return path === '/plans/diff' ? { before: envelope(), after: body } : body;
}

/** An answer without what holds paths of the host: hashes of plans, and what texts quote, which is cut when it is long. */
function withoutHost(answer: unknown): unknown {
  const hashes = ['plan_hash', 'plan_id', 'remediation_plan_id'];
  return JSON.parse(
    JSON.stringify(answer, (key, value) => {
      if (hashes.includes(key)) return '';
      return key !== 'canonical_toml' && typeof value === 'string' ? value.replace(/"[^"]*"/g, '""') : value;
    }),
  );
}

t.test('the examples of a fleet are true', async (t) => {
  const { post } = await newLab(t);
  const operation = DOCUMENT.paths['/plans/fleet']?.post as OpenapiOperation;
  const { requestBody, responses } = operation;
  const headers = { 'x-request-id': '5d0c9f0e-4c55-4c36-9d2b-3a1f7c1e2b4d' };
  for (const [type, { examples = {} }] of Object.entries(requestBody?.content ?? {})) {
    for (const [key, { value }] of Object.entries(examples)) {
      const shown = (as: string) => responses['200']?.content?.[as]?.examples?.[key]?.value;
      const { payload } = await post('/plans/fleet', value as string | object, type, headers);
      if (type !== JSON_TYPE) t.equal(payload, shown(type), `${key} as ${type}`);
      else {
        t.strictSame(JSON.parse(payload), shown(JSON_TYPE), key);
        const accept = 'text/markdown';
        const summary = await post('/plans/fleet', Object(value), JSON_TYPE, { ...headers, accept });
        t.equal(summary.payload, shown(accept), `${key} as ${accept}`);
      }
    }
  }
});

/** Statuses that a request alone does not bring about; they have tests of their own. */
const OTHER_STATUSES = ['408', '431', '500', '503'];

t.test('every documented status happens, and no other', async (t) => {
  const files = { profiles: { 'bad.toml': '', 'small.toml': SMALL_TOML } };
  const headers = { authorization: 'Bearer token' };
  const seen = new Map<string, Set<string>>();
  const note = (operationId: string, { statusCode }: { statusCode: number }): void => {
    seen.set(operationId, (seen.get(operationId) ?? new Set()).add(String(statusCode)));
  };
  const lab = await newLab(t, files, {
    tokens: ['token'],
    bodyLimit: 2000,
    fleetBodyLimit: 2000,
    rateLimit: 150,
  });
  const { paths } = DOCUMENT;
  const gets: Record<string, string[]> = {
    '/profiles/{name}': [
      '/profiles/small',
      '/profiles/nobody',
      `/profiles/${'x'.repeat(2000)}`,
      '/profiles/%zz',
    ],
    '/problems/{code}': [
      '/problems/not-found',
      '/problems/x',
      `/problems/${'x'.repeat(2000)}`,
      '/problems/%zz',
    ],
    '/doctor': ['/doctor', '/doctor?category=x', '/doctor?profile=nobody'],
  };
  note('getProfile', await lab.get('/profiles/bad', { ...headers, accept: TOML_TYPE }));
  for (const [path, { get, post }] of Object.entries(paths)) {
    for (const url of gets[path] ?? (get === undefined ? [] : [path])) {
      note(String(get?.operationId), await lab.get(url, headers));
      note(String(get?.operationId), await lab.get(url, { ...headers, 'content-encoding': 'gzip' }));
      note(String(get?.operationId), await lab.get(url));
      note(String(get?.operationId), await lab.get(url, { ...headers, 'if-none-match': '*' }));
    }
    if (post === undefined) continue;
    const bodies: [body: object | string, type?: string][] = [
      [envelope()],
      [{ profile: { ...SMALL, vm: {} } }],
      [{ ...envelope(), dry_run: false }],
      [{ profile_name: 'nobody' }],
      // Not of another host, which some routes cannot look at.
      [{ profile: SMALL }],
      ['{'],
      ['x', 'text/plain'],
      [' '.repeat(2001)],
    ];
    for (const [body, type] of bodies)
      note(post.operationId, await lab.post(path, requestOf(path, body), type, headers));
    note(post.operationId, await lab.post(path, envelope()));
  }
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { operationId, responses }] of Object.entries(operations)) {
      const isGet = method === 'get';
      // Until the limit is reached.
      for (
        let count = 0;
        count < 500 && responses['429'] !== undefined && !seen.get(operationId)?.has('429');
        count++
      )
        note(
          operationId,
          isGet
            ? await lab.get(path.replace(/\{.*\}/, 'small'), headers)
            : await lab.post(path, envelope(), JSON_TYPE, headers),
        );
      const other = isGet && gets[path] === undefined ? [...OTHER_STATUSES, '400'] : OTHER_STATUSES;
      const documented = Object.keys(responses).filter((status) => !other.includes(status));
      t.strictSame([...(seen.get(operationId) ?? [])].sort(), documented, operationId);
    }
  }
});
