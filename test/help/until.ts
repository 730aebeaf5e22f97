import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition; the deadline is generous, for machines that are busy with other things. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`it never came to be: ${what}`);
    await sleep(20);
  }
}
