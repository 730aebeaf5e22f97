/** With the media types that `orval.config.cjs` leaves; without it no request says that it is JSON. TOML goes in JSON. */
import { createArgv, getProfile, planStart } from '../../../logs/clients/made/orval/planner.ts';
import { type Connect, REFUSED, REQUEST } from './calls.ts';

export const connect: Connect = (baseUrl) => {
  // Paths begin at the root: where that is, is the business of whoever calls `fetch`.
  const { fetch } = globalThis;
  globalThis.fetch = (path, options) =>
    fetch(typeof path === 'string' && path[0] === '/' ? `${baseUrl}${path}` : path, options);
  return {
    async argvHash() {
      const answer = await createArgv(REQUEST);
      return answer.status === 200 ? answer.data.argv_hash : answer.data.code;
    },
    async planHash() {
      const answer = await planStart(REQUEST);
      return answer.status === 200 ? answer.data.plan_hash : answer.data.code;
    },
    async argvHashOfToml(profile_toml) {
      const answer = await createArgv({ profile_toml });
      return answer.status === 200 ? answer.data.argv_hash : answer.data.code;
    },
    async refusal() {
      const answer = await createArgv(REFUSED);
      return answer.status === 200 ? answer.data.argv_hash : answer.data.code;
    },
    async nameOfProfile(name) {
      const answer = await getProfile(name);
      return answer.status === 200 ? String(answer.data.validation.profile_name) : answer.data.code;
    },
  };
};
