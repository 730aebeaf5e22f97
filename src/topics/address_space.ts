/**
 * How much memory an x86_64 CPU can reach on q35, as QEMU 7.2 and 10.0 work it out before they start. Where memory
 * would meet the hole that AMD CPUs have below 1 TiB it is moved above it; QEMU does so for some CPU models only, and
 * what follows holds for all of them.
 */

import type { Acceleration } from '../facts/host_facts.ts';
import { featureName, parseCpu } from '../qemu/cpu_text.ts';
import { passesHostCpu } from './cpu.ts';

/** What QEMU takes when nothing is said, or 0. */
const DEFAULT_BITS = 40;
const FEWEST_BITS = 32;
const MOST_BITS = 52;
/** What a byte holds. */
const LARGEST_LIMIT = 255;
const BITS_OF_A_MB = 20;
/** In MiB, as all that follows. */
const GIB = 1024;
/** What stays below 4 GiB when there is more memory than fits there. */
const LOW_MEMORY_MB = 2 * GIB;
const ABOVE_4G_MB = 4 * GIB;
const ABOVE_1T_MB = 1024 * GIB;
const AMD_HOLE_MB = 1012 * GIB;
/** The window for PCI devices that lies after all memory. */
const PCI_WINDOW_MB = 32 * GIB;

export interface AddressBits {
  readonly bits: number;
  /** Whether the CPU has fewer where the host's has. */
  readonly isMost: boolean;
}

/**
 * Address bits of a CPU; `null` when they are those of a host CPU that nobody knows, whatever `phys-bits` says then;
 * `invalid` when QEMU refuses them.
 */
export function addressBits(cpu: string, acceleration: Acceleration): AddressBits | 'invalid' | null {
  const { model, features } = parseCpu(cpu);
  const limit = numberOf(writtenValue(features, 'host-phys-bits-limit'));
  if (!(limit <= LARGEST_LIMIT)) return 'invalid';
  const isHosts = passesHostCpu(acceleration) && hasHostBits(model, features);
  const bits = isHosts ? limit : numberOf(writtenValue(features, 'phys-bits'));
  if (bits === 0) return isHosts ? null : { bits: DEFAULT_BITS, isMost: false };
  // A limit beyond what a CPU can have limits nothing.
  if (isHosts && bits > MOST_BITS) return null;
  return bits >= FEWEST_BITS && bits <= MOST_BITS ? { bits, isMost: isHosts } : 'invalid';
}

/** A number as QEMU reads it: with a zero before it the digits are octal. Nothing written is 0. */
function numberOf(text: string | null): number {
  if (text === null) return 0;
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return /^(?:0|[1-9][0-9]*|0[xX][0-9a-fA-F]+)$/.test(text) ? Number(text) : Number.NaN;
}

/** `host` and `max` have the bits of the host's CPU unless they are told otherwise. */
function hasHostBits(model: string, features: readonly string[]): boolean {
  const written = writtenValue(features, 'host-phys-bits');
  if (written === null) return model === 'host' || model === 'max';
  return /^(?:on|yes|true|y)$/.test(written);
}

/**
 * What the last mention of a feature sets it to; `null` when there is none. Of one that is set twice QEMU may take another:
 * that is warned of.
 */
function writtenValue(features: readonly string[], name: string): string | null {
  const last = features.findLast((feature) => featureName(feature) === name);
  if (last === undefined) return null;
  const equals = last.indexOf('=');
  if (equals >= 0) return last.slice(equals + 1);
  return last.startsWith('-') ? 'off' : 'on';
}

/** The most memory, in MiB, that leaves room for the PCI window behind it; 0 when not even that has room. */
export function mostMemoryMb(bits: number): number {
  const space = 2 ** (bits - BITS_OF_A_MB);
  const belowHole = Math.min(space, AMD_HOLE_MB) - ABOVE_4G_MB - PCI_WINDOW_MB;
  const aboveHole = space - ABOVE_1T_MB - PCI_WINDOW_MB;
  const high = Math.max(belowHole, aboveHole);
  return high < 0 ? 0 : LOW_MEMORY_MB + high;
}

/** The fewest address bits that reach so much memory. */
export function neededBits(memoryMb: number): number {
  let bits = FEWEST_BITS;
  while (mostMemoryMb(bits) < memoryMb) bits++;
  return bits;
}

/** How far memory reaches with slots for more: that begins after 2 GiB, at a whole GiB, and each slot may waste one. */
export function withSlotsMb(memoryMb: number, maxMb: number, slots: number): number {
  const plugged = Math.max(LOW_MEMORY_MB, Math.ceil(memoryMb / GIB) * GIB);
  return plugged + (maxMb - memoryMb) + slots * GIB;
}
