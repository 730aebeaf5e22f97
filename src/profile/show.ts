/** How values appear in messages: in one line, short, and never a secret. */
import { looksSecret, REDACTED } from './secrets.ts';
import { shortened, visible } from './text.ts';

/** A text between quotes; one that looks like a secret as a placeholder. */
export function show(value: string): string {
  return looksSecret(value) ? REDACTED : `"${visible(shortened(value))}"`;
}

export function listed(values: readonly string[]): string {
  return values.map((value) => `"${value}"`).join(', ');
}

/** What a value is, for a message about its type. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  switch (typeof value) {
    case 'string':
      return 'a string';
    case 'boolean':
      return 'a boolean';
    case 'number':
      return Number.isFinite(value) ? `the number ${value}` : 'a number that is not finite';
    case 'bigint':
      return `the number ${shortened(String(value))}`;
    default:
      return value instanceof Date ? 'a date' : 'a table';
  }
}
