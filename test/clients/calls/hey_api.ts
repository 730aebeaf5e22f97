/** It types the JSON body of a request alone: TOML goes in that. */
import { createClient } from '../../../logs/clients/made/hey_api/client/index.ts';
import { createArgv, getProfile, planStart } from '../../../logs/clients/made/hey_api/index.ts';
import { type Connect, REFUSED, REQUEST, wanted } from './calls.ts';

export const connect: Connect = (baseUrl) => {
  const client = createClient({ baseUrl });
  return {
    async argvHash() {
      const { data, error } = await createArgv({ client, body: REQUEST });
      return wanted(data, error, (argv) => argv.argv_hash);
    },
    async planHash() {
      const { data, error } = await planStart({ client, body: REQUEST });
      return wanted(data, error, (plan) => plan.plan_hash);
    },
    async argvHashOfToml(profile_toml) {
      const { data, error } = await createArgv({ client, body: { profile_toml } });
      return wanted(data, error, (argv) => argv.argv_hash);
    },
    async refusal() {
      const { data, error } = await createArgv({ client, body: REFUSED });
      return wanted(data, error, (argv) => argv.argv_hash);
    },
    async nameOfProfile(name) {
      const { data, error } = await getProfile({ client, path: { name } });
      return wanted(data, error, ({ validation }) => validation.profile_name);
    },
  };
};
