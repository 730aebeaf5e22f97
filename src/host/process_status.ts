/** What the status of a process says, proc(5). */

/** The numbers on a line; none where there is no such line. */
export function numbersIn(status: string, key: string): string[] {
  return new RegExp(`^${key}:(.*)$`, 'm').exec(status)?.[1]?.match(/\d+/g) ?? [];
}

/** Which capabilities a process may use now; `null` where nothing is said of them. */
export function capabilitiesIn(status: string): ((bit: bigint) => boolean) | null {
  const [, digits] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return digits === undefined ? null : (bit) => ((BigInt(`0x${digits}`) >> bit) & 1n) === 1n;
}
