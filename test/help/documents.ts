/** Profile documents to start from, and changes to them. */

export type Document = Record<string, unknown>;

/** Values by dotted path, such as `storage.disks.0.path`; array elements by index. */
export type Change = Readonly<Record<string, unknown>>;

/** Removes the key. */
export const ABSENT = Symbol('absent');

/** A small profile that has no issue at all on a Linux host with kvm. */
export function baseProfile(): Document {
  return {
    schema_version: 1,
    vm: { name: 'lab' },
    hardware: { arch: 'x86_64', cores: 2, memory_mb: 1024 },
    storage: { disks: [{ name: 'root', path: 'images/root.qcow2', format: 'qcow2' }] },
    serial: { enabled: true, mode: 'pty' },
  };
}

/** The base profile with some values set, replaced or removed. */
export function changed(change: Change): Document {
  const document = baseProfile();
  for (const [path, value] of Object.entries(change)) setAt(document, path.split('.'), value);
  return document;
}

/** Sets a value, with the tables and arrays on the way to it. */
export function setAt(document: unknown, path: readonly (string | number)[], value: unknown): void {
  let table = document as Record<string | number, unknown>;
  for (const [index, key] of path.slice(0, -1).entries()) {
    if (!Object.hasOwn(table, key)) table[key] = /^\d+$/.test(String(path[index + 1])) ? [] : {};
    table = table[key] as Record<string | number, unknown>;
  }
  const last = path.at(-1) as string | number;
  if (value === ABSENT && Array.isArray(table)) table.splice(Number(last), 1);
  else if (value === ABSENT) delete table[last];
  else Object.defineProperty(table, last, { value, enumerable: true, writable: true, configurable: true });
}

/** The value at a path, or `undefined`. */
export function valueAt(document: unknown, path: readonly (string | number)[]): unknown {
  let value = document;
  for (const key of path) value = Object(value)[key];
  return value;
}

/** A copy with the keys of every table in another order: `compare` sorts them. */
export function reordered(value: unknown, compare: (left: string, right: string) => number): unknown {
  if (Array.isArray(value)) return value.map((element) => reordered(element, compare));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const table: Document = Object.create(null);
  for (const key of Object.keys(value).sort(compare)) table[key] = reordered(Object(value)[key], compare);
  return table;
}
