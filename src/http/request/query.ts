/** The parameters in the query of a request. */
import type { FastifyInstance } from 'fastify';
import { malformed } from '../guards/problem.ts';

/** A parameter that is given twice is a list. */
export type QueryValue = string | string[] | undefined;

/** A misspelt parameter would be as if it were not there. Routes without parameters take no notice of a query. */
export function refuseUnknownParameters(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ query, routeOptions }) => {
    const schema = routeOptions.schema?.querystring as { readonly properties: object } | undefined;
    if (schema === undefined) return;
    const known = Object.keys(schema.properties);
    if (!Object.keys(query as object).every((name) => known.includes(name))) {
      throw malformed(`The query has a parameter that is not known here; known are ${known.join(', ')}.`);
    }
  });
}

/** The value of a parameter that may be given once. */
export function onlyValue(name: string, value: QueryValue): string | undefined {
  if (Array.isArray(value)) throw malformed(`${name} must be given once.`);
  return value;
}

/** The value of a parameter that is true or false; false where it is not given. */
export function switchValue(name: string, value: QueryValue): boolean {
  const text = onlyValue(name, value);
  if (text === undefined || text === 'true' || text === 'false') return text === 'true';
  throw malformed(`${name} must be true or false.`);
}
