/** Writes the documents of this folder from the built service, and the examples of the page from profiles/: `npm run openapi`. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { openapiDocuments } from '../dist/openapi_documents.js';

for (const [name, text] of Object.entries(await openapiDocuments())) {
  await writeFile(new URL(name, import.meta.url), text);
}

// A copy, since whoever runs the service may write profiles of his own there, which the page's files must not show.
const profiles = new URL('../profiles/', import.meta.url);
const names = (await readdir(profiles)).filter((name) => name.endsWith('.toml')).sort();
/** @type {Record<string, string>} */
const examples = {};
for (const name of names)
  examples[name.slice(0, -'.toml'.length)] = await readFile(new URL(name, profiles), 'utf8');
await writeFile(
  new URL('../src/page/examples.json', import.meta.url),
  `${JSON.stringify(examples, null, 2)}\n`,
);
