/** `GET /docs/`, `GET /openapi.json` and `GET /openapi.yaml`: what the service says of itself. */
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { PRODUCT } from '../../planning/product.ts';
import { openapiJson, openapiYaml } from '../openapi/document.ts';
import { LIMITED, operation } from '../openapi/operation.ts';
import { text } from '../openapi/schema_parts.ts';
import { addSwaggerUi } from '../openapi/swagger_ui.ts';
import type { PlannerOptions } from '../options.ts';
import { JSON_TYPE } from '../request/media_type.ts';
import { addTextRoute } from './text_route.ts';

const JSON_OPERATION = operation({
  operationId: 'getOpenapiJson',
  tag: 'service',
  summary: 'Get this document as JSON',
  description: 'The OpenAPI document, the same bytes as in the folder openapi/ of the source.',
  answer: {
    description: 'OpenAPI 3.1.',
    content: {
      'application/json': { schema: Type.Unsafe({ type: 'object', description: 'An OpenAPI document.' }) },
    },
  },
  hasEntityTag: true,
  problems: LIMITED,
});

const YAML_OPERATION = operation({
  operationId: 'getOpenapiYaml',
  tag: 'service',
  summary: 'Get this document as YAML',
  description: 'The OpenAPI document, the same bytes as in the folder openapi/ of the source.',
  answer: {
    description: 'OpenAPI 3.1.',
    content: { 'application/yaml': { schema: text('An OpenAPI document.', ['openapi: 3.1.1\n']) } },
  },
  hasEntityTag: true,
  problems: LIMITED,
});

export async function addDocumentRoutes(app: FastifyInstance, { tokens }: PlannerOptions): Promise<void> {
  await addSwaggerUi(app, { title: PRODUCT, hasTokens: tokens.length > 0 });
  addTextRoute(app, '/openapi.json', JSON_OPERATION, JSON_TYPE, () => openapiJson(app));
  addTextRoute(app, '/openapi.yaml', YAML_OPERATION, 'application/yaml', () => openapiYaml(app));
}
