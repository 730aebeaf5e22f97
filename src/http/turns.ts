/** Work of requests that are there at the same time, done together. */

/** Milliseconds of first steps after which the rest waits for the next turn of the event loop, so that nobody waits long. */
const LONGEST_START = 2;

/** A piece of the work of one request; answers what comes after it, if anything does. */
// biome-ignore lint/suspicious/noConfusingVoidType: a last step need not say that it is one.
export type Step = () => Step | void;

/** Does all steps of a request, beginning in one of the next turns of the event loop; `fail` hears what they throw. */
export type Turns = (first: Step, fail: (error: unknown) => void) => void;

interface Work {
  next: Step;
  readonly fail: (error: unknown) => void;
}

/**
 * Of the requests that have come by the end of a turn of the event loop the first steps are done one after another, then
 * the second ones, and so on. The code of a step, and what it needs of the processor's caches, thus serves all of them:
 * a plan takes about half the time that it takes between the reading and writing of HTTP.
 */
export function newTurns(longest = LONGEST_START): Turns {
  let waiting: Work[] = [];
  const run = (): void => {
    const end = performance.now() + longest;
    let begun = 0;
    let works = waiting.filter((work) => {
      if (begun > 0 && performance.now() > end) return false;
      begun++;
      return doNext(work);
    });
    waiting = waiting.slice(begun);
    if (waiting.length > 0) setImmediate(run);
    while (works.length > 0) works = works.filter(doNext);
  };
  return (next, fail) => {
    if (waiting.length === 0) setImmediate(run);
    waiting.push({ next, fail });
  };
}

/** Whether there is more to do. */
function doNext(work: Work): boolean {
  try {
    const next = work.next();
    if (next === undefined) return false;
    work.next = next;
    return true;
  } catch (error) {
    work.fail(error);
    return false;
  }
}
