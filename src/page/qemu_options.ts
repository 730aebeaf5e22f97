/** The text of an option of QEMU, or JSON in its place, taken apart. */

/** What one element says, by key; what stands first without a key is called `driver`. */
export function optionsOf(element: string): Map<string, string> {
  if (element.startsWith('{')) return new Map(flat(JSON.parse(element)));
  // A comma in a value is doubled.
  const words = element.replaceAll(',,', '\0').split(',');
  return new Map(
    words.map((word, index): [string, string] => {
      const text = word.replaceAll('\0', ',');
      const sign = text.indexOf('=');
      if (sign === -1) return [index === 0 ? 'driver' : text, text];
      return [text.slice(0, sign), text.slice(sign + 1)];
    }),
  );
}

/** The members of an object and of those in it; the outer ones count. */
function flat(value: object): [string, string][] {
  return Object.entries(value)
    .flatMap(([key, member]): [string, string][] =>
      typeof member === 'object' && member !== null ? flat(member) : [[key, String(member)]],
    )
    .reverse();
}
