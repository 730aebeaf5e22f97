/** The command line of the base profile, changed. */
import { type Change, changed } from './documents.ts';
import { ON_LINUX } from './hosts.ts';
import { plannedOf } from './plans.ts';

export function argvOf(change: Change, host = ON_LINUX): readonly string[] {
  return plannedOf(changed(change), host).argv;
}

/** The values of a switch, in order. */
export function valuesOf(argv: readonly string[], option: string): string[] {
  return argv.flatMap((element, index) => (element === option ? [String(argv[index + 1])] : []));
}
