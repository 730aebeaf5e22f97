/** `GET /schemas/profile.json`: the profile's JSON Schema as editors read it, in draft 7, which their TOML plug-ins know. */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { LIMITED, operation } from '../openapi/operation.ts';
import { editorSchema } from '../openapi/profile_schemas.ts';
import { addTextRoute } from './text_route.ts';

const OPERATION = operation({
  operationId: 'getProfileSchema',
  tag: 'profiles',
  summary: 'Get the JSON Schema of profiles',
  description:
    'For editors. The service itself drops unknown keys with a warning, where the schema refuses them.',
  answer: {
    description: 'A JSON Schema, draft 7.',
    content: {
      'application/schema+json': { schema: Type.Unsafe({ type: 'object', description: 'A JSON Schema.' }) },
    },
  },
  hasEntityTag: true,
  problems: LIMITED,
});

export function addProfileSchemaRoute(app: FastifyInstance): void {
  addTextRoute(app, '/schemas/profile.json', OPERATION, 'application/schema+json', profileSchemaText);
}

export function profileSchemaText(): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...editorSchema(),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
