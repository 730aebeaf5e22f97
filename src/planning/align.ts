/** Two lists side by side, each in its own order. */

/** Two elements that belong together, or one without a counterpart, whose other side is `null`. */
export interface Aligned<Element> {
  readonly before: Element | null;
  readonly after: Element | null;
}

/**
 * The alignment with the highest sum of scores; two elements whose score is 0 are never put together. It compares
 * each element with each, which is right for short lists only.
 */
export function align<Element>(
  before: readonly Element[],
  after: readonly Element[],
  score: (before: Element, after: Element) => number,
): Aligned<Element>[] {
  const scoreAt = (row: number, column: number): number =>
    score(before[row] as Element, after[column] as Element);
  const bestFrom = bestSums(before.length, after.length, scoreAt);
  const aligned: Aligned<Element>[] = [];
  let [row, column] = [0, 0];
  while (row < before.length && column < after.length) {
    const points = scoreAt(row, column);
    const best = bestFrom(row, column);
    if (points > 0 && points + bestFrom(row + 1, column + 1) === best)
      aligned.push({ before: before[row++] as Element, after: after[column++] as Element });
    else if (bestFrom(row + 1, column) === best)
      aligned.push({ before: before[row++] as Element, after: null });
    else aligned.push({ before: null, after: after[column++] as Element });
  }
  return [
    ...aligned,
    ...before.slice(row).map((element) => ({ before: element, after: null })),
    ...after.slice(column).map((element) => ({ before: null, after: element })),
  ];
}

/** The highest sum that can be had of what is left of both lists from a row and a column on. */
function bestSums(
  rows: number,
  columns: number,
  scoreAt: (row: number, column: number) => number,
): (row: number, column: number) => number {
  const sums = new Uint32Array((rows + 1) * (columns + 1));
  const place = (row: number, column: number): number => row * (columns + 1) + column;
  const sumFrom = (row: number, column: number): number => sums[place(row, column)] as number;
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      sums[place(row, column)] = Math.max(
        scoreAt(row, column) + sumFrom(row + 1, column + 1),
        sumFrom(row + 1, column),
        sumFrom(row, column + 1),
      );
    }
  }
  return sumFrom;
}
