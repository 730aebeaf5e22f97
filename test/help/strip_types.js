/**
 * Lets Node 20 run TypeScript as later Nodes do by themselves: types become spaces, so that lines and columns stay.
 * tap's own loader takes 3 s for a test file. What was stripped is kept in `logs/stripped/`, by its content.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const FOLDER = new URL('../../logs/stripped/', import.meta.url);

// The hooks run in a thread of their own, which loads this file too.
if (isMainThread) {
  if (!process.features.typescript) register(import.meta.url);
  // What a test starts gets the same arguments, in another folder too, but tap's loader: it makes other lines and columns.
  process.execArgv = process.execArgv
    .filter((argument) => !argument.includes('/@tapjs/typescript/'))
    .map((argument) => argument.replace('./test/help/strip_types.js', import.meta.url));
}

/**
 * Without the default, which asks the file system about each again.
 * @type {import('node:module').ResolveHook}
 */
export async function resolve(specifier, context, nextResolve) {
  if (!/^\.\.?\/.*\.ts$/.test(specifier) || context.parentURL === undefined)
    return nextResolve(specifier, context);
  return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context);
  return { format: 'module', source: await stripped(readFileSync(new URL(url), 'utf8')), shortCircuit: true };
}

/** @param {string} text */
async function stripped(text) {
  const file = new URL(`${createHash('sha256').update(text).digest('hex')}.js`, FOLDER);
  try {
    return readFileSync(file, 'utf8');
  } catch {}
  const { default: blankSpace } = await import('ts-blank-space');
  const code = blankSpace(text);
  mkdirSync(FOLDER, { recursive: true });
  // Another process may write the same at the same time.
  const part = new URL(`${file.href}.${process.pid}`);
  writeFileSync(part, code);
  renameSync(part, file);
  return code;
}
