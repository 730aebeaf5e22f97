/** Options that QEMU takes as JSON: nothing in them needs escaping, and numbers stay numbers. */

export type JsonValue = string | number | boolean | null | JsonObject;
/** Members that are `undefined` are left out. */
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

/** Canonical JSON (RFC 8785): members sorted. Names are ASCII and numbers are integers here. */
export function jsonOption(value: JsonObject): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: JsonValue | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name])]),
  );
}
