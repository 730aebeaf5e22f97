/** Long work is done in short turns of the event loop, so that other callers are served meanwhile. */
import { endOfTurn } from './end_of_turn.ts';

/** Milliseconds of work after which others have their turn. Measured, results that wait longer to be sent cost more. */
const LONGEST = 1;
/** Steps between two looks at the clock. */
const STEPS = 64;

export interface Turn {
  /** Whether others should have theirs. */
  readonly isOver: () => boolean;
  /** Waits for the next one. */
  readonly next: () => Promise<void>;
}

export function newTurn(): Turn {
  let begun = performance.now();
  return {
    isOver: () => performance.now() - begun > LONGEST,
    next: async () => {
      await endOfTurn();
      begun = performance.now();
    },
  };
}

/** The result of work that gives way after each step. */
export async function inTurns<Result>(work: Generator<void, Result>, turn: Turn): Promise<Result> {
  let made = work.next();
  for (let step = 1; made.done !== true; step++) {
    if (step % STEPS === 0 && turn.isOver()) await turn.next();
    made = work.next();
  }
  return made.value;
}
