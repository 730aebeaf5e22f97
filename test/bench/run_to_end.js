/** How a script of the bench ends: what it has started ends with it, and an error is one line and exit code 1. */

/** @param {() => Promise<void>} main */
export function runToEnd(main) {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  main().then(
    () => process.exit(0),
    (/** @type {Error} */ error) => {
      console.error(`bench: ${error.message}`);
      process.exit(1);
    },
  );
}
