/**
 * A client of the service as a stranger would write it, with types that openapi-typescript makes from the OpenAPI
 * document. `test/client.test.ts` makes them, checks this file against them, and runs it against the service.
 */
import createClient, { type ClientOptions } from 'openapi-fetch';
import type { components, paths } from '../../logs/client/planner.d.ts';

type Schemas = components['schemas'];
type Json = 'application/json' | 'application/problem+json';

/** An object of this type has no other members. */
export type PlanRequest = Schemas['PlanRequest'];

export function newPlanner(options: ClientOptions) {
  return createClient<paths, Json>(options);
}

type Planner = ReturnType<typeof newPlanner>;

/** A profile as TOML goes out as it is. */
export async function argvOfToml(planner: Planner, toml: string): Promise<string[]> {
  const { data, error } = await planner.POST('/argv', {
    body: toml,
    bodySerializer: (body) => body,
    headers: { 'content-type': 'application/toml' },
  });
  return error === undefined ? data.argv : [summaryOf(error)];
}

/** A plan request goes out as JSON. */
export async function summaryOfPlan(planner: Planner, request: PlanRequest): Promise<string> {
  const { data, error } = await planner.POST('/plans/start', { body: request });
  if (error !== undefined) return summaryOf(error);
  const { accelerators, os } = data.metadata.host;
  const last = data.commands.at(-1);
  return `${data.risk} ${os} ${accelerators.join()} ${last?.step_id} ${last?.argv[0]} ${data.metadata.argv_hash}`;
}

export async function firstIssue(planner: Planner, request: PlanRequest): Promise<string | undefined> {
  const { data } = await planner.POST('/profiles/validate', { body: request });
  return data?.errors[0]?.field;
}

export async function namesOfProfiles(planner: Planner): Promise<(string | null | undefined)[]> {
  const { data } = await planner.GET('/profiles');
  const names = data?.profiles.map(({ name }) => name) ?? [];
  const details = names.map((name) => planner.GET('/profiles/{name}', { params: { path: { name } } }));
  return (await Promise.all(details)).map(({ data }) => data?.validation.profile_name);
}

export async function remediesFor(planner: Planner, profile: string): Promise<string[]> {
  const { data, error } = await planner.GET('/doctor', { params: { query: { profile } } });
  if (error !== undefined) return [summaryOf(error)];
  const remedies = data.findings.map(({ remediation }) => remediation?.commands[0]?.argv.join(' '));
  return remedies.filter((command) => command !== undefined);
}

/** A problem of any kind; the places in it are there for some. */
function summaryOf({ status, code, line, errors }: Schemas['Problem']): string {
  return `${status} ${code} ${line ?? '-'} ${errors?.map(({ pointer }) => pointer).join() ?? '-'}`;
}
