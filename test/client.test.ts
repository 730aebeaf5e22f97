/** Clients whose types are made from the document: they compile, mistakes in them do not, and they understand the service. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTypes, { astToString } from 'openapi-typescript';
import t from 'tap';
import ts from 'typescript';
import { ABSENT, changed } from './help/documents.ts';
import { startListening } from './help/service.ts';
import { SHIPPED } from './help/shipped_profiles.ts';
import { LINUX_HOST, SMALL_TOML } from './help/small_profile.ts';
import { fetchDocumented } from './help/wire.ts';

// On a busy machine.
t.setTimeout(120_000);

const CLIENT = fileURLToPath(new URL('client/client.ts', import.meta.url));
/** What is made here; the client imports the types from there. */
const MADE = fileURLToPath(new URL('../logs/client/', import.meta.url));

const SMALL = "schema_version: 1, vm: { name: 'a' }, hardware: { arch: 'x86_64', cores: 2, memory_mb: 1024 }";

/** A line of a client, a part of it, a mistake in its place, and what the compiler says of that. */
type Line = readonly [right: string, part: string | RegExp, wrong: string, says: RegExp];

const REQUESTS: readonly Line[] = [
  ["planner.POST('/argv', { body: 'toml' })", '/argv', '/argvs', /'"\/argvs"' is not assignable/],
  ["planner.GET('/profiles', {})", 'GET', 'POST', /'"\/profiles"' is not assignable/],
  ["planner.POST('/argv', { body: 'toml' })", "{ body: 'toml' }", '{}', /'body' is missing/],
  [
    "summaryOfPlan(planner, { profile_name: 'a' })",
    'profile_name',
    'profil_name',
    /'profil_name' does not exist/,
  ],
  [
    "summaryOfPlan(planner, { profile_name: 'a' })",
    "'a'",
    '1',
    /'number' is not assignable to type 'string'/,
  ],
  [`planner.POST('/argv', { body: { profile: { ${SMALL} } } })`, 'cores', 'kores', /'kores' does not exist/],
  [`planner.POST('/argv', { body: { profile: { ${SMALL} } } })`, ', cores: 2', '', /'cores' is missing/],
  [
    `planner.POST('/argv', { body: { profile: { ${SMALL} } } })`,
    'x86_64',
    'z80',
    /'"z80"' is not assignable/,
  ],
  [`planner.POST('/argv', { body: { profile: { ${SMALL} } } })`, '1024', "'1'", /'string' is not assignable/],
  [
    "planner.GET('/doctor', { params: { query: { profile: 'a' } } })",
    'profile',
    'nam',
    /'nam' does not exist/,
  ],
  [
    "planner.GET('/profiles/{name}', { params: { path: { name: 'a' } } })",
    /, .*\}/,
    '',
    /Expected 2 arguments/,
  ],
];
const ANSWERS: readonly Line[] = [
  [
    "(await planner.GET('/profiles')).data?.profiles[0]?.name",
    's[0]?.name',
    's[0]?.nam',
    /'nam' does not exist/,
  ],
  ["(await planner.GET('/profiles')).data?.profiles", 'data?', 'data', /possibly 'undefined'/],
  ["(await planner.GET('/livez')).data?.status === 'ok'", "'ok'", "'up'", /no overlap/],
  ["(await planner.GET('/readyz')).error?.errors?.[0]?.pointer", 'errors?', 'errors', /possibly 'undefined'/],
  [
    "(await planner.POST('/argv', { body: '' })).data?.parts[0]?.why?.length",
    'why?',
    'why',
    /possibly 'null'/,
  ],
];

t.before(async () => {
  rmSync(MADE, { recursive: true, force: true });
  mkdirSync(MADE, { recursive: true });
  const document = JSON.parse(readFileSync(new URL('../openapi/openapi.json', import.meta.url), 'utf8'));
  // Without this a request would have to name each key that has a default.
  const types = await openapiTypes(document, { defaultNonNullable: false });
  writeFileSync(join(MADE, 'planner.d.ts'), astToString(types));
});

t.test('a client compiles against the types of the document, and no mistake in it does', async (t) => {
  const lines = [...REQUESTS, ...ANSWERS];
  const head = [
    "import { newPlanner, summaryOfPlan } from '../../test/client/client.ts';",
    "const planner = newPlanner({ baseUrl: 'http://127.0.0.1:3000' });",
  ];
  const rights = lines.map(([right], index) => `export const right${index} = await ${right};`);
  const wrongs = lines.map(
    ([right, part, wrong], index) => `export const wrong${index} = await ${right.replace(part, wrong)};`,
  );
  const file = join(MADE, 'lines.ts');
  writeFileSync(file, [...head, ...rights, ...wrongs, ''].join('\n'));

  const complaints = complaintsAbout([CLIENT, file]);
  const firstWrong = head.length + rights.length;
  const elsewhere = complaints.filter(({ file: where, line }) => where !== file || line < firstWrong);
  t.strictSame(elsewhere, [], 'what is right compiles');
  for (const [index, [right, part, wrong, says]] of lines.entries()) {
    const texts = complaints.filter(({ line }) => line === firstWrong + index).map(({ text }) => text);
    t.match(texts.join('\n'), says, `${right}: ${wrong} for ${part}`);
  }
});

/** What the compiler, as strict as for the service itself, says of these files and all that they import; lines from 0. */
function complaintsAbout(files: readonly string[]): { file: string; line: number; text: string }[] {
  const repository = fileURLToPath(new URL('../', import.meta.url));
  const { config } = ts.readConfigFile(join(repository, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, repository);
  const program = ts.createProgram(files, {
    ...options,
    rootDir: repository,
    noEmit: true,
    incremental: false,
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => ({
    file: file?.fileName ?? '',
    line: file?.getLineAndCharacterOfPosition(start).line ?? 0,
    text: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }));
}

t.test('it understands what the listening service says', async (t) => {
  // With the profiles that are shipped, and an empty project.
  const service = await startListening(t, { environment: { VMLAB_PROJECT_ROOT: t.testdirName } });
  // Not known to the compiler of the tests: the types that it imports are made here.
  const client = await import(new URL('client/client.ts', import.meta.url).href);
  const planner = client.newPlanner({ baseUrl: service.address, fetch: fetchDocumented });

  const argv = await client.argvOfToml(planner, SMALL_TOML);
  t.match(argv, ['qemu-system-x86_64', '-machine', 'q35'], 'TOML: the command line');
  t.strictSame(await client.argvOfToml(planner, 'a = 1\nb ='), ['400 malformed-toml 2 -'], 'TOML: a problem');

  const request = { profile: changed({}), host: LINUX_HOST };
  t.match(
    await client.summaryOfPlan(planner, request),
    /^medium linux kvm start-qemu qemu-system-x86_64 sha256:[0-9a-f]{64}$/,
    'JSON: a plan',
  );
  const wrong = { ...request, profile: changed({ 'hardware.cores': 0, 'vm.name': ABSENT }) };
  t.equal(
    await client.summaryOfPlan(planner, wrong),
    '422 profile-invalid - /vm/name,/hardware/cores',
    'JSON: a problem',
  );
  t.equal(await client.firstIssue(planner, wrong), 'vm.name', 'an issue');
  t.strictSame(await client.namesOfProfiles(planner), SHIPPED, 'a list, then a path');
  t.match((await client.remediesFor(planner, 'minimal')).join('\n'), /^mkdir -p -- .*\/images$/m, 'a query');
  t.strictSame(
    await client.remediesFor(planner, 'nobody'),
    ['404 profile-not-found - -'],
    'a query: a problem',
  );
});
