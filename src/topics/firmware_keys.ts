/** The keys of the firmware. */
import { FLASH_FORMATS } from '../facts/host_facts.ts';
import { flag, path, table, word } from '../profile/key.ts';
import type { Draft } from './profile.ts';

export const FIRMWARE = table(
  'What the machine starts with.',
  {
    type: word(
      ['default', 'uefi', 'none'],
      '`default`: what QEMU brings for the machine (aarch64 has none); `uefi` (not on ppc64le); `none`: nothing, only on riscv64.',
      { default: 'default' },
    ),
    code: path(
      'The UEFI firmware itself, which QEMU reads. Default: the first of the host that fits the machine.',
      {},
    ),
    code_format: word(
      FLASH_FORMATS,
      'Format of `code`. Default: `raw`, or that of the firmware of the host.',
      {},
    ),
    vars: path(
      'The VM’s own copy of the UEFI variables, which QEMU writes to. Default: `images/<vm.name>.vars.fd`.',
      {},
    ),
    vars_format: word(
      FLASH_FORMATS,
      'Format of `vars`. Default: `raw`, or that of the firmware of the host.',
      {},
    ),
    secure_boot: flag(
      'Whether the firmware runs what is signed only, and the guest cannot change that; on x86_64 (`q35`) and aarch64.',
      { default: false },
    ),
    bios: path('Firmware in place of the one that QEMU brings; only with the type `default`.', {}),
  },
  { since: 2 },
);

/** Whether the firmware keeps its variables where only system management mode can write. */
export function usesSmm({ hardware, firmware }: Draft): boolean {
  return hardware.arch === 'x86_64' && firmware.secure_boot === true;
}
