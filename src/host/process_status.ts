/** What the status of a process says, proc(5). */
import { textOf } from './files.ts';

/** The numbers on a line; none where there is no such line. */
export function numbersIn(status: string, key: string): string[] {
  return new RegExp(`^${key}:(.*)$`, 'm').exec(status)?.[1]?.match(/\d+/g) ?? [];
}

/** Which capabilities a process may use now; `null` where nothing is said of them. */
export function capabilitiesIn(status: string): ((bit: bigint) => boolean) | null {
  const [, digits] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return digits === undefined ? null : (bit) => ((BigInt(`0x${digits}`) >> bit) & 1n) === 1n;
}

/** Whether what belongs to a user is as good as this process's own. */
export type Owns = (owner: number) => boolean;

/** CAP_FOWNER of capabilities(7). */
const FOWNER = 3n;

/** By the effective user, the second of four, and what it may besides; everything where the host does not tell. */
export async function readOwns(processStatus: string): Promise<Owns> {
  const text = await textOf(processStatus);
  const [, user] = numbersIn(text, 'Uid');
  const has = capabilitiesIn(text);
  return user === undefined || has === null || has(FOWNER) ? () => true : (owner) => owner === Number(user);
}
