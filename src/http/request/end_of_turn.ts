/** Requests that arrive together are planned together. */

let end: Promise<void> | null = null;

/**
 * The end of this turn of the event loop, one promise for all who wait for it: so their plans are made in a row, and then
 * their answers sent in a row. Measured, a plan costs about half of what it costs between parsed and writing HTTP.
 */
export function endOfTurn(): Promise<void> {
  end ??= new Promise((resolve) => {
    setImmediate(() => {
      end = null;
      resolve();
    });
  });
  return end;
}
