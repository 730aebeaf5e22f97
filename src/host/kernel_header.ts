/** What QEMU's x86 machine looks for in a kernel before it decides how to load it. */
import type { ProbedPath } from '../facts/host.ts';
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

const ELF_MAGIC = '\x7fELF';
const SECTOR = 512;
/** Where a kernel says how many sectors come before it besides the first one, and what 0 stands for. */
const SETUP_SECTORS = { at: 0x1f1, default: 4 } as const;

/** Whether there is more of it than QEMU takes for what comes before the kernel. */
function isLongEnough(bytes: Buffer, size: number): boolean {
  if (bytes.toString('latin1', 0, ELF_MAGIC.length) === ELF_MAGIC || isMultibootKernel(bytes)) return true;
  const sectors = bytes[SETUP_SECTORS.at] || SETUP_SECTORS.default;
  return size >= (sectors + 1) * SECTOR;
}

type Kernel = Pick<ProbedPath, 'isMultiboot' | 'isLongEnough'>;

export const UNREAD_KERNEL: Kernel = { isMultiboot: null, isLongEnough: null };

/** What a file of so many bytes is. */
export async function readKernel(path: string, size: number): Promise<Kernel> {
  const bytes = await readFirstBytes(path, KERNEL_BYTES).catch(() => null);
  if (bytes === null) return UNREAD_KERNEL;
  return { isMultiboot: isMultibootKernel(bytes), isLongEnough: isLongEnough(bytes, size) };
}
