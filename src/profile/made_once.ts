/**
 * Makes the value for a key once, since what most plans have in common need not be made for each. Only for keys of which
 * there are few, whatever profiles hold.
 */
export function madeOnce<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
