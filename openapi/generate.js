/** Writes the documents of this folder from the built service: `npm run openapi`. */
import { writeFile } from 'node:fs/promises';
import { openapiDocuments } from '../dist/openapi_documents.js';

for (const [name, text] of Object.entries(await openapiDocuments())) {
  await writeFile(new URL(name, import.meta.url), text);
}
