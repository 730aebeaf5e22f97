/** A module of QEMU, which distributions can have in a package of its own. */
import { fieldOf, type Path } from '../../profile/path.ts';
import { fine, type NeedKind, type OwnVerdict } from '../need_kind.ts';

export interface QemuModuleNeed {
  readonly kind: 'qemu-module';
  readonly at: Path;
  readonly module: QemuModule;
}

/** By the names of their files, without an ending. */
export type QemuModule = keyof typeof PACKAGES;

/** Where Debian and Ubuntu have each; what is for SPICE had no package of its own before QEMU 8. */
const PACKAGES = {
  'audio-alsa': 'qemu-system-common',
  'audio-pa': 'qemu-system-gui',
  'audio-pipewire': 'qemu-system-gui',
  'audio-spice': 'qemu-system-modules-spice',
  'hw-display-qxl': 'qemu-system-modules-spice',
  'hw-display-virtio-gpu-pci': 'qemu-system-common',
  'hw-display-virtio-vga': 'qemu-system-common',
  'hw-usb-host': 'qemu-system-common',
  'hw-usb-redirect': 'qemu-system-common',
  'ui-gtk': 'qemu-system-gui',
  'ui-sdl': 'qemu-system-gui',
  'ui-spice-core': 'qemu-system-modules-spice',
} as const;

/** A QEMU without modules has all in itself, or has it not. */
export const qemuModule: NeedKind<QemuModuleNeed> = {
  resources: () => [],
  risk: () => 'low',
  unknowns: ({ module }, { probed }) =>
    probed?.modules?.has(module) === true
      ? []
      : [
          {
            question:
              'Has this QEMU that module, or the same built in? Distributions ship some in packages of their own.',
            subject: `qemu-module:${module}`,
          },
        ],
  verdicts: (need, { files: { modules } }) =>
    modules === null
      ? []
      : [
          {
            ...verdictOn(need, modules.has(need.module)),
            category: 'qemu',
            resources: [`qemu-module:${need.module}`],
            metadata: { module: need.module },
          },
        ],
};

function verdictOn({ at, module }: QemuModuleNeed, isInstalled: boolean): OwnVerdict {
  if (isInstalled) {
    return fine(
      `qemu-module-found:${module}`,
      `The module ${module} of QEMU is installed`,
      `${fieldOf(at)} takes the module ${module} of QEMU, which a package of this host has.`,
    );
  }
  const name = PACKAGES[module];
  return {
    id: `qemu-module-missing:${module}`,
    severity: 'warning',
    title: `The module ${module} of QEMU is not installed`,
    says: `${fieldOf(at)} takes the module ${module} of QEMU, which no package of this host has; QEMU does not start without it.`,
    mend: `Install the package ${name}.`,
    issue: 'qemu-module-missing',
    remedy: { kind: 'install-module', module, package: name },
  };
}
