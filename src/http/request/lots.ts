/** As many are worked on together: enough to keep the file system busy, and few enough to let other requests in between. */
const LOT = 50;

/** What `work` gives for each of many, in their order. */
export async function inLots<One, Result>(
  all: readonly One[],
  work: (one: One) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let first = 0; first < all.length; first += LOT)
    results.push(...(await Promise.all(all.slice(first, first + LOT).map(work))));
  return results;
}
