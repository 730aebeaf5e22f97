/** What QEMU's x86 machine looks for in a kernel before it decides how to load it. */
import { readFirstBytes } from './files.ts';

/** As many of its first bytes as QEMU reads for that. */
export const KERNEL_BYTES = 8192;

const LINUX_MAGIC = { at: 0x202, text: 'HdrS' } as const;
const MULTIBOOT_MAGIC = 0x1badb002;
/** Magic, flags, and what makes the sum of the three 0. */
const MULTIBOOT_BYTES = 12;

/** Whether QEMU takes it for a multiboot kernel: a bzImage is none, whatever else is in it. */
export function isMultibootKernel(bytes: Buffer): boolean {
  const { at, text } = LINUX_MAGIC;
  if (bytes.toString('latin1', at, at + text.length) === text) return false;
  for (let offset = 0; offset + MULTIBOOT_BYTES <= bytes.length; offset += 4) {
    if (bytes.readUInt32LE(offset) !== MULTIBOOT_MAGIC) continue;
    const sum = MULTIBOOT_MAGIC + bytes.readUInt32LE(offset + 4) + bytes.readUInt32LE(offset + 8);
    if (sum % 2 ** 32 === 0) return true;
  }
  return false;
}

/** Whether a file is one; `null` when this user may not read it. */
export async function readIsMultiboot(path: string): Promise<boolean | null> {
  const bytes = await readFirstBytes(path, KERNEL_BYTES).catch(() => null);
  return bytes === null ? null : isMultibootKernel(bytes);
}
