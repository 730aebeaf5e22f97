/** What a disk or drive reads and writes, as `-blockdev` has it. Of its nodes only the topmost has a name. */
import type { HostFacts } from '../facts/host_facts.ts';
import { absolutePath } from '../needs/named_path.ts';
import type { JsonObject } from '../qemu/json_option.ts';
import type { Disk } from './disk_keys.ts';

/** Formats whose header can name a file that the image is an overlay of; QEMU is told of each, so that it follows no header. */
const HAVE_BASE: readonly string[] = ['qcow2', 'vmdk'];

/** The node of a disk image. */
export function diskNode(disk: Disk, facts: HostFacts): JsonObject {
  const { name, format, aio, discard, detect_zeroes, readonly, encryption } = disk;
  const isDevice = format === 'block-device';
  const driver = isDevice ? 'raw' : format;
  const unmap = discard === 'unmap' ? 'unmap' : undefined;
  const key = encryption === undefined ? undefined : secretId(name);
  return {
    ...(key === undefined ? { driver } : encrypted(driver, key)),
    backing: HAVE_BASE.includes(driver) ? baseNode(disk, facts) : undefined,
    cache: cacheOf(disk),
    'detect-zeroes': detect_zeroes === 'off' ? undefined : detect_zeroes,
    discard: unmap,
    file: {
      aio: aio === 'threads' ? undefined : aio,
      discard: unmap,
      driver: isDevice ? 'host_device' : 'file',
      filename: absolutePath(facts, disk.path),
    },
    'node-name': name,
    'read-only': readonly ? true : undefined,
  };
}

/** A raw image is encrypted as a whole, a qcow2 image by itself. */
function encrypted(driver: string, key: string): JsonObject {
  return driver === 'raw'
    ? { driver: 'luks', 'key-secret': key }
    : { driver, encrypt: { format: 'luks', 'key-secret': key } };
}

/** The id of the object that hands QEMU the password of a disk. */
export function secretId(name: string): string {
  return `secret-${name}`;
}

function baseNode({ base }: Disk, facts: HostFacts): JsonObject | null {
  if (base === undefined) return null;
  return {
    backing: HAVE_BASE.includes(base.format) ? null : undefined,
    driver: base.format,
    file: { driver: 'file', filename: absolutePath(facts, base.path) },
    'read-only': true,
  };
}

function cacheOf({ cache }: Disk): JsonObject | undefined {
  const direct = cache === 'none' || cache === 'directsync';
  const noFlush = cache === 'unsafe';
  return direct || noFlush ? { direct, 'no-flush': noFlush } : undefined;
}

/** A node of bytes as they are in a file, such as that of a CD-ROM. */
export function rawNode(name: string, path: string, isReadOnly: boolean): JsonObject {
  const readOnly = isReadOnly ? true : undefined;
  return {
    driver: 'raw',
    file: { driver: 'file', filename: path, 'read-only': readOnly },
    'node-name': name,
    'read-only': readOnly,
  };
}
