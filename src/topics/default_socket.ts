/** Where the socket of a VM is that no key names. */

/** In the folder `run`, called by the VM, by the element of a list, and by what it is for; not known before those names are. */
export function defaultSocket(...words: readonly string[]): string;
export function defaultSocket(...words: readonly (string | undefined)[]): string | undefined;
export function defaultSocket(...words: readonly (string | undefined)[]): string | undefined {
  return words.includes(undefined) ? undefined : `run/${words.join('.')}.sock`;
}
