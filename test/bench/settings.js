/** What a run is: which parts, how long, with which client. */
import { parseArgs } from 'node:util';

export const PARTS = ['stages', 'sizes', 'profiles', 'load', 'fleet', 'start'];

/**
 * @typedef {object} Settings
 * @property {readonly string[]} parts
 * @property {boolean} isQuick Only the works of the last line.
 * @property {number} rounds Measured slices of each work and side; the other parts repeat themselves in proportion.
 * @property {number} milliseconds A slice.
 * @property {string | undefined} tool `wrk` or `autocannon`; without it whichever is there.
 * @property {number} memorySeconds Of load, with the memory over time instead of all parts; 0 for the parts.
 */

const ROUNDS = '7';
const QUICK_ROUNDS = '3';
const MILLISECONDS = '500';

/**
 * @param {string[]} args
 * @returns {Settings}
 */
export function readSettings(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      slice: { type: 'string', default: MILLISECONDS },
      tool: { type: 'string' },
      memory: { type: 'string', default: '0' },
    },
  });
  const unknown = positionals.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}; the parts are ${PARTS.join(', ')}`);
  return {
    parts: positionals.length > 0 ? positionals : PARTS,
    isQuick: values.quick,
    rounds: wholeNumber('--rounds', values.rounds ?? (values.quick ? QUICK_ROUNDS : ROUNDS)),
    milliseconds: wholeNumber('--slice', values.slice),
    tool: values.tool,
    memorySeconds: wholeNumber('--memory', values.memory),
  };
}

/** @param {string} name @param {string} text */
function wholeNumber(name, text) {
  if (!/^[0-9]{1,6}$/.test(text)) throw new Error(`${name} must be a whole number, not ${text}`);
  return Number(text);
}
