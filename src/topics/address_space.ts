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

/**
 * Address bits of a CPU; `null` when they are those of a host CPU that nobody knows, whatever `phys-bits` says then;
 * `invalid` when QEMU refuses them.
 */
export function physicalBits(cpu: string, acceleration: Acceleration): number | 'invalid' | null {
  const { model, features } = parseCpu(cpu);
  if (passesHostCpu(acceleration) && hasHostBits(model, features)) return null;
  const value = writtenValue(features, 'phys-bits') ?? '0';
  const bits = /^(?:0|[1-9][0-9]*|0[xX][0-9a-fA-F]+)$/.test(value) ? Number(value) : Number.NaN;
  if (bits === 0) return DEFAULT_BITS;
  return bits >= FEWEST_BITS && bits <= MOST_BITS ? bits : 'invalid';
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
