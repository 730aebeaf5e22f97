/**
 * For tap: what a test file counts for in the coverage. Counting makes code slower by a third, so random profiles run uncounted:
 * tests that say what they expect have to reach every branch without them.
 */
const UNCOUNTED = ['test/arbitrary.test.ts', 'test/property.test.ts'];

/** @param {string} file */
module.exports = (file) => (UNCOUNTED.includes(file) ? null : []);
