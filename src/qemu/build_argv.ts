/** From a resolved context to QEMU's command line; the order of this list is the order of argv. */
import type { ResolvedContext } from '../context/resolve_context.ts';
import { qmpArgs, serialArgs } from './chardev_args.ts';
import { cpuArgs, memoryArgs, smpArgs } from './cpu_args.ts';
import { diskArgs } from './disk_args.ts';
import { kernelArgs, nameArgs } from './kernel_args.ts';
import { acceleratorArgs, binaryArgs, machineArgs } from './machine_args.ts';
import { networkArgs } from './network_args.ts';
import type { Part } from './part.ts';
import { shareArgs } from './share_args.ts';

export function buildArgv(context: ResolvedContext): Part[] {
  return [
    binaryArgs(context),
    ...machineArgs(context),
    acceleratorArgs(context),
    cpuArgs(context),
    smpArgs(context),
    memoryArgs(context),
    ...diskArgs(context),
    ...shareArgs(context),
    ...networkArgs(context),
    ...qmpArgs(context),
    ...serialArgs(context),
    ...kernelArgs(context),
    nameArgs(context),
  ];
}

/** The elements of argv: no shell will read them. */
export function argvOf(parts: readonly Part[]): string[] {
  const argv: string[] = [];
  for (const { elements } of parts) for (const element of elements) argv.push(element);
  return argv;
}
