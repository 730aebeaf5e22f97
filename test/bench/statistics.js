/** @param {readonly number[]} numbers */
export function median(numbers) {
  const sorted = numbers.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? Number(sorted[middle])
    : (Number(sorted[middle - 1]) + Number(sorted[middle])) / 2;
}

/** From the least to the greatest, as a part of the median. @param {readonly number[]} numbers */
export function spread(numbers) {
  return (Math.max(...numbers) - Math.min(...numbers)) / median(numbers);
}

/** Microseconds of CPU time of this process so far; what else the machine does is not in it. */
export function cpuTime() {
  const { user, system } = process.cpuUsage();
  return user + system;
}
