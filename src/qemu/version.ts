/** Versions of QEMU and of its machines. */
import type { HostFacts } from '../facts/host_facts.ts';

/** Major and minor number: what comes after them changes no option. */
export type Version = readonly [major: number, minor: number];

/** Reads texts such as `7.2` and `10.0.2`. */
export function versionIn(text: string): Version {
  const [major, minor] = text.split('.').map(Number);
  return [major as number, minor as number];
}

export function isBefore([major, minor]: Version, [otherMajor, otherMinor]: Version): boolean {
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

/** Whether the QEMU of a host is older than a version; `null` where it is not known which it is. */
export function isOlderThan(version: Version, { qemu_version }: HostFacts): boolean | null {
  return qemu_version === undefined ? null : isBefore(versionIn(qemu_version), version);
}
