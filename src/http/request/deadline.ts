/** How long a look at this host may take: a file system that does not answer must not keep a caller for ever. */
import { RequestRefused } from '../guards/problem.ts';

/** Milliseconds. */
export const LOOK_TIMEOUT = 30_000;

/** What a look finds, or a refusal as overloaded when it takes too long. */
export async function inTime<Found>(look: Promise<Found>, milliseconds = LOOK_TIMEOUT): Promise<Found> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new RequestRefused('overloaded')), milliseconds);
  });
  try {
    return await Promise.race([look, late]);
  } finally {
    clearTimeout(timer);
  }
}
