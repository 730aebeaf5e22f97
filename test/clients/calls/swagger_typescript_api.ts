/** It types the JSON body of a request alone: TOML goes in that. */
import { Api } from '../../../logs/clients/made/swagger_typescript_api/planner.ts';
import { type Connect, REFUSED, REQUEST, wanted } from './calls.ts';

export const connect: Connect = (baseUrl) => {
  const api = new Api({ baseUrl });
  return {
    argvHash: () => told(api.argv.createArgv(REQUEST), (argv) => argv.argv_hash),
    planHash: () => told(api.plans.planStart(REQUEST), (plan) => plan.plan_hash),
    argvHashOfToml: (profile_toml) => told(api.argv.createArgv({ profile_toml }), (argv) => argv.argv_hash),
    refusal: () => told(api.argv.createArgv(REFUSED), (argv) => argv.argv_hash),
    nameOfProfile: (name) => told(api.profiles.getProfile(name), ({ validation }) => validation.profile_name),
  };
};

/** An answer that is a problem is thrown. */
async function told<Data>(
  asked: Promise<{ readonly data: Data }>,
  part: (data: Data) => string | null,
): Promise<string> {
  const { data, error } = await asked.then(
    ({ data }) => ({ data, error: undefined }),
    (answer) => ({ data: undefined, error: answer.error }),
  );
  return wanted(data, error, part);
}
