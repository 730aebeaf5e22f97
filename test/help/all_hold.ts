/** Several rules about the same random values, which take longer to make than to look at. */
import fc from 'fast-check';
import type { Test } from 'tap';

/** By what each says; it throws where it does not hold. */
type Rules<Values extends readonly unknown[]> = Readonly<Record<string, (...values: Values) => void>>;

/** Looks at what is read of each random value, or at nothing where that is `null`; gives how many were looked at. */
export function allHold<Value, Read extends readonly unknown[]>(
  t: Test,
  values: fc.Arbitrary<Value>,
  parameters: { readonly seed: number; readonly numRuns: number },
  read: (value: Value) => Read | null,
  rules: Rules<Read>,
): number {
  let count = 0;
  const property = fc.property(values, (value) => {
    const seen = read(value);
    if (seen === null) return;
    count++;
    for (const [about, holds] of Object.entries(rules)) {
      try {
        holds(...seen);
      } catch (error) {
        throw new Error(`${about}: ${error}`, { cause: error });
      }
    }
  });
  fc.assert(property, parameters);
  for (const about of Object.keys(rules)) t.pass(`${about}: ${count} values`);
  return count;
}
