/** What a proof found: one line for each check, on standard output as it happens. */

/**
 * @typedef {object} Report
 * @property {(isTrue: boolean, statement: string, details?: unknown) => boolean} check
 * @property {(text: string) => void} note A figure or a remark; neither passes nor fails.
 * @property {() => { passed: number, failed: number }} counts
 */

const MOST_DETAILS = 2000;

/** @returns {Report} */
export function newReport() {
  let passed = 0;
  let failed = 0;
  return {
    check(isTrue, statement, details) {
      if (isTrue) passed++;
      else failed++;
      console.log(`${isTrue ? 'ok' : 'not ok'} - ${statement}`);
      if (!isTrue && details !== undefined) console.log(indented(details));
      return isTrue;
    },
    note(text) {
      console.log(`# ${text}`);
    },
    counts: () => ({ passed, failed }),
  };
}

/** @param {unknown} details */
function indented(details) {
  const text = typeof details === 'string' ? details : JSON.stringify(details, null, 1);
  return text.slice(0, MOST_DETAILS).replace(/^/gm, '    ');
}
