/** What a path may hold, whatever it is for, and how long it may be. */
import { byteLength } from '../profile/text.ts';
import type { HostSystem } from './host_facts.ts';
import { componentsOf } from './host_paths.ts';

const LONGEST_PATH = 4095;
const LONGEST_COMPONENT = 255;

/** Whether a text would be changed by a shell: what is refused in every path. */
export function holdsShellText(text: string): boolean {
  return text.startsWith('~') || text.includes('$') || text.includes('`');
}

/** Bytes of a path and of its longest component, when either is over its limit; else `null`. */
export function overlongPath(os: HostSystem, absolute: string): string | null {
  // A character has at most three bytes for each unit that `length` counts.
  if (absolute.length * 3 <= LONGEST_COMPONENT) return null;
  const bytes = byteLength(absolute);
  if (bytes > LONGEST_PATH) return `resolves to ${bytes} bytes; a path has at most ${LONGEST_PATH}`;
  const longest = Math.max(0, ...componentsOf(os, absolute).map(byteLength));
  return longest > LONGEST_COMPONENT
    ? `has a component of ${longest} bytes; a component has at most ${LONGEST_COMPONENT}`
    : null;
}
