/** The client of `test/client/`, which sends TOML as it is; what it prints of answers is its own. */
import { newPlanner } from '../../client/client.ts';
import { type Connect, REFUSED, REQUEST, wanted } from './calls.ts';

export const connect: Connect = (baseUrl) => {
  const planner = newPlanner({ baseUrl });
  return {
    async argvHash() {
      const { data, error } = await planner.POST('/argv', { body: REQUEST });
      return wanted(data, error, (argv) => argv.argv_hash);
    },
    async planHash() {
      const { data, error } = await planner.POST('/plans/start', { body: REQUEST });
      return wanted(data, error, (plan) => plan.plan_hash);
    },
    async argvHashOfToml(toml) {
      const { data, error } = await planner.POST('/argv', {
        body: toml,
        bodySerializer: (body) => body,
        headers: { 'content-type': 'application/toml' },
      });
      return wanted(data, error, (argv) => argv.argv_hash);
    },
    async refusal() {
      const { data, error } = await planner.POST('/argv', { body: REFUSED });
      return wanted(data, error, (argv) => argv.argv_hash);
    },
    async nameOfProfile(name) {
      const { data, error } = await planner.GET('/profiles/{name}', { params: { path: { name } } });
      return wanted(data, error, ({ validation }) => validation.profile_name);
    },
  };
};
