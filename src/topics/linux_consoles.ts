/** What Linux calls the serial ports and the consoles of a VM. */
import type { Architecture } from '../facts/host_facts.ts';
import type { Draft } from './profile.ts';

/** The first serial port of each machine, the usual name first. */
const SERIAL_PORTS: Readonly<Record<Architecture, readonly [string, ...string[]]>> = {
  x86_64: ['ttyS0', 'uart0', 'uart8250'],
  aarch64: ['ttyAMA0'],
  // Its firmware writes to the same port for whoever asks.
  riscv64: ['ttyS0', 'uart0', 'uart8250', 'hvc0'],
  ppc64le: ['hvc0'],
};

export interface LinuxConsoles {
  /** The name of the first. */
  readonly usual: string;
  readonly names: readonly string[];
  /** Whether the first is a serial port. */
  readonly isSerial: boolean;
}

/** `null` where there is none, and while that is not known. */
export function linuxConsoles({ serial, consoles = [] }: Draft, arch: Architecture): LinuxConsoles | null {
  const { enabled, mode, ports = [] } = serial;
  if (enabled === undefined || mode === undefined) return null;
  const isSerial = enabled && mode !== 'none';
  const serialPorts = isSerial ? 1 + ports.length : 0;
  const further = ports.map((_, index) => `${arch === 'ppc64le' ? 'hvc' : 'ttyS'}${index + 1}`);
  // The serial ports of ppc64le are consoles of its hypervisor, which are counted together with virtio's.
  const before = arch === 'ppc64le' ? serialPorts : 0;
  const names = [
    ...(isSerial ? [...SERIAL_PORTS[arch], ...further] : []),
    ...consoles.map((_, index) => `hvc${before + index}`),
  ];
  const [usual] = names;
  return usual === undefined ? null : { usual, names, isSerial };
}
