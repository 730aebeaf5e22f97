/** The documents of the folder openapi/, by file name; made without listening, probing or logging. */
import { pino } from 'pino';
import { buildApp } from './app.ts';
import { openapiJson, openapiYaml } from './http/openapi/document.ts';
import { profileSchemaText } from './http/routes/profile_schema.ts';

export async function openapiDocuments(): Promise<Readonly<Record<string, string>>> {
  const app = await buildApp({
    host: {
      machine: { os: 'linux', arch: 'x86_64' },
      projectRoot: '/srv/lab',
      strictPaths: false,
      searchPath: [],
      kvmDevice: '/dev/kvm',
    },
    profileDirectories: [],
    bodyLimit: 1,
    fleetBodyLimit: 1,
    tokens: [],
    rateLimit: 0,
    corsOrigins: [],
    logger: pino({ level: 'silent' }),
    logHealth: { directory: '/srv/lab/logs/vmlab', root: '/srv/lab/logs', failure: null, linesLost: 0 },
  });
  await app.ready();
  const documents = {
    'openapi.json': openapiJson(app),
    'openapi.yaml': openapiYaml(app),
    'profile.schema.json': profileSchemaText(),
  };
  await app.close();
  return documents;
}
