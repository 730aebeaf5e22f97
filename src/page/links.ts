/** What a part of argv and the lines of the profile have to do with each other. */
import type { ArgvResult, Part } from './api.ts';

/** The lines that made a part, ascending; none for a default. */
export function linesOfPart({ pointers }: Part, { positions = {} }: Pick<ArgvResult, 'positions'>): number[] {
  const lines = pointers.flatMap((pointer) => positions[pointer]?.line ?? []);
  return [...new Set(lines)].sort((left, right) => left - right);
}

/** The indexes of the parts that a line made. */
export function partsOfLine(line: number, result: Pick<ArgvResult, 'parts' | 'positions'>): number[] {
  return result.parts.flatMap((part, index) => (linesOfPart(part, result).includes(line) ? [index] : []));
}
