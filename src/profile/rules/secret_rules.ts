import { fieldOf, type Path, tablePlace, templateOf } from '../field_path.ts';
import type { Findings } from '../issue.ts';
import type { Draft } from '../profile.ts';

const NEVER_IN_ARGV = new Set(['vm.description', 'console.escape_sequence']);

/** A secret on its way to argv would be in every process list; elsewhere it is only in the wrong place. */
export function secretRules(draft: Draft, secrets: readonly Path[], { error, warning }: Findings): void {
  for (const path of secrets) {
    if (reachesArgv(path, draft)) {
      error(
        path,
        'secret-in-argv',
        `${fieldOf(path)} holds what looks like a secret, and every user of the host can read the arguments of a process.`,
        'Remove it and pass the secret to the guest by other means.',
      );
    } else {
      warning(
        path,
        'secret-like-value',
        `${fieldOf(path)} holds what looks like a secret; a profile is no place for one.`,
        'Remove it.',
      );
    }
  }
}

function reachesArgv(path: Path, { serial, qmp, kernel }: Draft): boolean {
  if ('unknown' in tablePlace(path) || NEVER_IN_ARGV.has(templateOf(path))) return false;
  const switches: Readonly<Record<string, boolean | undefined>> = {
    serial: serial.enabled,
    qmp: qmp.enabled,
    kernel: kernel.enabled,
  };
  return switches[String(path[0])] !== false;
}
