/** The requests that all proofs send: valid, invalid and hostile ones, to every route, in both media types. */
import { diffs, hostileJson, hostileToml } from './requests/bodies.js';
import { fleets } from './requests/fleets.js';
import { lookUps, wrongHttp, wrongMedia, wrongMethods } from './requests/odd.js';
import { goldenProfiles, oddPlaces, shippedProfiles } from './requests/profiles.js';

/** @typedef {import('./http.js').Request} Request */

/**
 * A few hundred requests, always the same ones.
 * @param {number} takenPort A TCP port of this host that something listens on.
 * @returns {Request[]}
 */
export function allRequests(takenPort) {
  return [
    ...shippedProfiles(),
    ...goldenProfiles(),
    ...oddPlaces(takenPort),
    ...hostileToml(),
    ...hostileJson(),
    ...diffs(),
    ...fleets(),
    ...lookUps(),
    ...wrongMethods(),
    ...wrongMedia(),
    ...wrongHttp(),
  ];
}
