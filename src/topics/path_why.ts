/** Why a path in argv is not the one in the profile; `null` when it is. */
export function pathWhy(path: string, text: string): string | null {
  return path === text ? null : 'The path is made absolute, against the project root, and normalised.';
}

/** The same of a path that may be a default made from the name of the VM. */
export function defaultablePathWhy(path: string, text: string, fallback: string): string | null {
  return text === fallback
    ? 'The path is the default, made from the name of the VM, in the project root.'
    : pathWhy(path, text);
}
