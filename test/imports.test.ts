/** Holds the table of folders: a request travels in one line, and the core is a pure function. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import t from 'tap';
import ts from 'typescript';

const SRC = new URL('../src/', import.meta.url);

/** What each folder may import besides itself; `''` are the files in `src/` itself. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  profile: [],
  facts: ['profile'],
  qemu: ['facts', 'profile'],
  needs: ['qemu', 'facts', 'profile'],
  topics: ['needs', 'qemu', 'facts', 'profile'],
  planning: ['topics', 'needs', 'qemu', 'facts', 'profile'],
  host: ['topics', 'needs', 'facts', 'profile'],
  doctor: ['planning', 'topics', 'needs', 'qemu', 'facts', 'profile'],
  // Runs in browsers.
  page: [],
  http: ['doctor', 'host', 'planning', 'topics', 'needs', 'qemu', 'facts', 'profile'],
  '': ['http', 'doctor', 'host', 'planning', 'topics', 'needs', 'qemu', 'facts', 'profile'],
};

/** The folders that are a pure function, and the packages that they may use. */
const PURE: Readonly<Record<string, readonly string[]>> = {
  profile: ['typebox', 'smol-toml', 'toml-eslint-parser', 'leven'],
  facts: ['typebox', 'node:path'],
  qemu: [],
  needs: [],
  topics: ['node:crypto'],
  planning: ['node:crypto'],
  doctor: [],
  page: [],
};

/** The service starts no process, no thread and no foreign code, and sends no datagram. */
const NOWHERE = ['child_process', 'cluster', 'dgram', 'inspector', 'repl', 'vm', 'wasi', 'worker_threads'];

/** Who may use what touches the world; a type alone touches nothing. */
const ONLY: Readonly<Record<string, (file: string) => boolean>> = {
  fs: (file) => file.startsWith('host/') || !file.includes('/'),
  net: () => false,
  tls: () => false,
  http2: () => false,
  https: () => false,
  process: (file) => file === 'server.ts',
  fastify: (file) => file.startsWith('http/') || !file.includes('/'),
};

interface Source {
  /** Below `src/`, with slashes. */
  readonly file: string;
  readonly folder: string;
  readonly imports: readonly string[];
  /** Those of them that are more than types. */
  readonly values: readonly string[];
}

const SOURCES: readonly Source[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .sort()
  .map(sourceOf);

function sourceOf(file: string): Source {
  const text = readFileSync(new URL(file, SRC), 'utf8');
  const imports = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  const types = typeImports(text);
  return { file, folder: folderOf(file), imports, values: imports.filter((name) => !types.has(name)) };
}

function folderOf(file: string): string {
  return file.includes('/') ? String(file.split('/')[0]) : '';
}

/** Modules of which nothing but types is imported. */
function typeImports(text: string): Set<string> {
  const { statements } = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest);
  const names = statements
    .filter(ts.isImportDeclaration)
    .filter(({ importClause }) => importClause?.isTypeOnly === true)
    .map(({ moduleSpecifier }) => (ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : ''));
  return new Set(names);
}

function isRelative(name: string): boolean {
  return name.startsWith('.');
}

/** `node:fs/promises` is `fs`, `@fastify/helmet` and `typebox/compile` are `@fastify/helmet` and `typebox`. */
function packageOf(name: string): string {
  const parts = name.replace(/^node:/, '').split('/');
  return name.startsWith('@') ? parts.slice(0, 2).join('/') : String(parts[0]);
}

t.test('every folder stands in the table', (t) => {
  t.ok(SOURCES.length > 50, 'the sources were found');
  t.strictSame(
    [...new Set(SOURCES.map(({ folder }) => folder))].filter((folder) => FOLDERS[folder] === undefined),
    [],
  );
  t.end();
});

t.test('a folder imports only what lies to its right', (t) => {
  for (const { file, folder, imports } of SOURCES) {
    for (const name of imports.filter(isRelative)) {
      const target = posix.join(dirname(file), name);
      const isAllowed = folderOf(target) === folder || FOLDERS[folder]?.includes(folderOf(target));
      if (!isAllowed) t.fail(`${file} imports ${target}`);
      if (!/[.](?:ts|json)$/.test(target)) t.fail(`${file} imports ${name} without .ts`);
      if (target === 'server.ts') t.fail(`${file} imports the program`);
    }
  }
  t.pass();
  t.end();
});

t.test('the core is pure', (t) => {
  for (const { file, folder, imports } of SOURCES) {
    const allowed = PURE[folder];
    if (allowed === undefined) continue;
    for (const name of imports.filter((name) => !isRelative(name))) {
      const isAllowed = allowed.some((known) => name === known || name.startsWith(`${known}/`));
      if (!isAllowed) t.fail(`${file} imports ${name}`);
    }
  }
  t.pass();
  t.end();
});

t.test('nothing starts a process, a thread or foreign code, or reaches for the world from elsewhere', (t) => {
  for (const { file, imports, values } of SOURCES) {
    for (const name of imports) if (NOWHERE.includes(packageOf(name))) t.fail(`${file} imports ${name}`);
    for (const name of values.filter((name) => !isRelative(name))) {
      const used = packageOf(name);
      const mayUse = ONLY[used.startsWith('@fastify/') ? 'fastify' : used];
      if (mayUse !== undefined && !mayUse(file)) t.fail(`${file} imports ${name}`);
    }
  }
  t.pass();
  t.end();
});

// Also so that the coverage of a file that no test asks for shows.
t.test('every file but the program can be imported and does nothing then', async (t) => {
  for (const { file, folder } of SOURCES)
    if (file !== 'server.ts' && folder !== 'page') await import(new URL(file, SRC).href);
  t.pass();
});
