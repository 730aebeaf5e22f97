/** It types the JSON body of a request alone: TOML goes in that. */
import { createArgv, defaults, getProfile, planStart } from '../../../logs/clients/made/oazapfts/planner.ts';
import { type Connect, REFUSED, REQUEST } from './calls.ts';

export const connect: Connect = (baseUrl) => {
  defaults.baseUrl = baseUrl;
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
