import type { Architecture } from '../profile/schema.ts';

/** The QEMU system emulator of each architecture; one binary serves both byte orders of POWER. */
export const DEFAULT_BINARIES: Readonly<Record<Architecture, string>> = {
  x86_64: 'qemu-system-x86_64',
  aarch64: 'qemu-system-aarch64',
  riscv64: 'qemu-system-riscv64',
  ppc64le: 'qemu-system-ppc64',
};

/** The binary by name or path, as written or by default; `undefined` while neither it nor the architecture is known. */
export function wantedBinary(binary: string | undefined, arch: Architecture | undefined): string | undefined {
  return binary ?? (arch === undefined ? undefined : DEFAULT_BINARIES[arch]);
}
