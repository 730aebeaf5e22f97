/** Programs that run beside QEMU: each is started before it, and QEMU connects to its socket. */
import type { HelperNeed } from '../needs/kinds/helper.ts';
import type { Path } from '../profile/path.ts';

/** In the order in which they start. */
export const HELPER_PROGRAMS = ['swtpm', 'passt', 'virtiofsd'] as const;
export type HelperProgram = (typeof HELPER_PROGRAMS)[number];

export interface Helper {
  readonly program: HelperProgram;
  /** Where the program is, when it is not looked for in PATH. */
  readonly place?: string;
  /** The name of the element of a list that it is for; `null` for what there is once. */
  readonly name: string | null;
  /** Its arguments; with them it stays in the foreground. */
  readonly options: readonly string[];
  /** Absolute path of the socket that it listens on once it is ready. */
  readonly socket: string;
  /** What is done, such as `Start swtpm, the TPM of the VM`. */
  readonly title: string;
}

interface Where {
  /** Where the program is, when it is not looked for in PATH. */
  readonly place?: string;
  /** Where it is as the facts about the host say. */
  readonly known?: string | undefined;
}

/** That a program is there; `at` is the key that asks for it. */
export function helperNeed(
  program: HelperProgram,
  at: Path,
  { place = program, known }: Where = {},
): HelperNeed {
  return { kind: 'helper', at, program, wanted: known ?? place, isKnown: known !== undefined };
}

/** The helpers of all topics, in the order in which they start. */
export function inStartOrder(helpers: readonly Helper[]): Helper[] {
  return HELPER_PROGRAMS.flatMap((program) => helpers.filter((helper) => helper.program === program));
}
