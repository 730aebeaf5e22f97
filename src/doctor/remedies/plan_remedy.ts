import type { Remedy } from '../../needs/need_kind.ts';
import type { CommandPlan } from '../../planning/command_plan.ts';
import { planBridgeRule } from './allow_bridge.ts';
import { planDisk } from './create_disk.ts';
import { planHelper, planQemu } from './install_qemu.ts';
import { planDirectory } from './make_directory.ts';
import { planTap } from './make_tap.ts';
import type { Cause } from './remedy_plan.ts';
import { planSocketRemoval } from './remove_socket.ts';

/** The plan of a remedy; `null` where no plan of this user can do it. */
export function planRemedy(cause: Cause, remedy: Remedy): CommandPlan | null {
  switch (remedy.kind) {
    case 'make-directory':
      return planDirectory(cause, remedy.directory, remedy.isPrivate);
    case 'create-image':
      return planDisk(cause, remedy);
    case 'remove-socket':
      return planSocketRemoval(cause, remedy.path);
    case 'install-qemu':
      return planQemu(cause, remedy.binary, remedy.arch);
    case 'install-helper':
      return planHelper(cause, remedy.program);
    case 'create-tap':
      return planTap(cause, remedy);
    case 'allow-bridge':
      return planBridgeRule(cause, remedy.bridge);
  }
}
