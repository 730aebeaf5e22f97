/** The smallest files that QEMU takes for a kernel. They are never run. */
import type { Architecture } from './settings.ts';

export function kernelImage(arch: Architecture): Buffer {
  switch (arch) {
    case 'x86_64':
      return bzImage();
    case 'aarch64':
      return flatImage('ARM\x64');
    case 'riscv64':
      return flatImage('RSC\x05');
    case 'ppc64le':
      return powerElf();
  }
}

/** Linux's boot protocol 2.12: one boot sector, one set-up sector, one page that is loaded high. */
function bzImage(): Buffer {
  const image = Buffer.alloc(512 * 2 + 4096, 0x90);
  image.fill(0, 0, 1024);
  image.writeUInt8(1, 0x1f1); // set-up sectors
  image.writeUInt32LE(4096 / 16, 0x1f4);
  image.writeUInt16LE(0xaa55, 0x1fe);
  image.write('HdrS', 0x202, 'latin1');
  image.writeUInt16LE(0x020c, 0x206);
  image.writeUInt8(1, 0x211); // loaded high
  image.writeUInt32LE(0x100000, 0x214);
  image.writeUInt32LE(0x7fffffff, 0x22c); // highest address of an initrd
  image.writeUInt32LE(2047, 0x238); // longest command line
  return image;
}

/** The 64-byte header of arm64 and riscv64 Linux. */
function flatImage(magic: string): Buffer {
  const image = Buffer.alloc(4096);
  image.writeBigUInt64LE(0x80000n, 8); // load offset
  image.writeBigUInt64LE(4096n, 16);
  image.write(magic, 56, 'latin1');
  return image;
}

/** A vmlinux: pseries loads ELF only. */
function powerElf(): Buffer {
  const image = Buffer.alloc(4096 + 64);
  image.write('\x7fELF\x02\x01\x01', 0, 'latin1'); // 64 bits, little-endian
  image.writeUInt16LE(2, 16); // executable
  image.writeUInt16LE(21, 18); // PowerPC64
  image.writeUInt32LE(1, 20);
  image.writeBigUInt64LE(0xc000000000000000n, 24);
  image.writeBigUInt64LE(64n, 32); // program headers
  image.writeUInt32LE(2, 48); // ELFv2
  image.writeUInt16LE(64, 52);
  image.writeUInt16LE(56, 54);
  image.writeUInt16LE(1, 56);
  image.writeUInt32LE(1, 64); // PT_LOAD
  image.writeUInt32LE(7, 68);
  image.writeBigUInt64LE(4096n, 72); // offset
  image.writeBigUInt64LE(0xc000000000000000n, 80);
  image.writeBigUInt64LE(0n, 88);
  image.writeBigUInt64LE(64n, 96);
  image.writeBigUInt64LE(64n, 104);
  image.writeBigUInt64LE(4096n, 112);
  return image;
}

/** A multiboot kernel for x86_64, with its addresses in the header instead of ELF. */
export function multibootKernel(): Buffer {
  const image = Buffer.alloc(4096);
  const [magic, flags] = [0x1badb002, 0x00010000];
  const header = [magic, flags, -(magic + flags) >>> 0, 0x100000, 0x100000, 0x101000, 0x101000, 0x100040];
  for (const [index, word] of header.entries()) image.writeUInt32LE(word, index * 4);
  return image;
}
