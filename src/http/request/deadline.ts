/** How long a look at this host may take: a file system that does not answer must not keep a caller for ever. */
import { type ProblemCode, RequestRefused } from '../guards/problem.ts';

/** Milliseconds. */
export const LOOK_TIMEOUT = 30_000;

/** What is waited for, or a refusal, by default as overloaded, when it takes too long. */
export async function inTime<Found>(
  waited: Promise<Found>,
  milliseconds = LOOK_TIMEOUT,
  code: ProblemCode = 'overloaded',
): Promise<Found> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new RequestRefused(code)), milliseconds);
  });
  try {
    return await Promise.race([waited, late]);
  } finally {
    clearTimeout(timer);
  }
}
