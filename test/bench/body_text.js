/** Bodies of requests: a template, and a number that no two requests share, so that nothing is planned twice. */

/** Set aside for one slice of load: more than any server answers in that time. */
const NUMBERS_A_SLICE = 250_000;

let slicesSoFar = 0;

/** The first of the numbers of one slice of load, which no other slice has. Those below are for single requests. */
export function nextNumbers() {
  slicesSoFar++;
  return slicesSoFar * NUMBERS_A_SLICE;
}

/**
 * Marks what differs from plan to plan: the VM's name, wherever it stands, its memory, and a forwarded port.
 * @param {string} text A body with the profile kernel-dev.
 */
export function templateOf(text) {
  return text.replaceAll('kernel-dev', '@NAME@').replaceAll('8192', '@MEMORY@').replaceAll('2222', '@PORT@');
}

/**
 * The body of a number; wrk.lua says the same. All bodies of a template are equally long.
 * @param {string} template
 * @param {number} number
 */
export function filled(template, number) {
  /** @type {Record<string, string>} */
  const values = {
    NAME: `v${String(number).padStart(9, '0')}`,
    MEMORY: String(1024 + 256 * (number % 36)),
    PORT: String(10000 + (number % 50000)),
  };
  return template.replace(/@([A-Z]+)@/g, (_, name) => String(values[name]));
}
