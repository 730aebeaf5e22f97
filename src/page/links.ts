/** What a part of argv and the lines of the profile have to do with each other. */
import type { ArgvResult, Part } from './api.ts';

/** The lines that made a part, ascending; none for a default. */
export function linesOfPart({ pointers }: Part, { positions }: Pick<ArgvResult, 'positions'>): number[] {
  const lines = pointers.flatMap((pointer) => positions?.[pointer]?.line ?? []);
  return [...new Set(lines)].sort((left, right) => left - right);
}

/** The indexes of the parts that a line made. */
export function partsOfLine(line: number, result: Pick<ArgvResult, 'parts' | 'positions'>): number[] {
  return result.parts.flatMap((part, index) => (linesOfPart(part, result).includes(line) ? [index] : []));
}

/** Lines as people write them: `line 8`, `lines 15–17, 20`. */
export function linesText(lines: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last !== undefined && line === last[1] + 1) last[1] = line;
    else runs.push([line, line]);
  }
  const texts = runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  return `${lines.length === 1 ? 'line' : 'lines'} ${texts.join(', ')}`;
}
