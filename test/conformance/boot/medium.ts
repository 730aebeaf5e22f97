/** A CD-ROM from which UEFI starts a program that prints one line, made with mtools and xorriso. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const LINE = 'started from the CD-ROM';

export type BootArchitecture = 'x86_64' | 'aarch64' | 'riscv64';

/** Where UEFI looks on a medium, the number of the architecture in the header of programs, and what prints the line. */
const PROGRAMS: Readonly<Record<BootArchitecture, { file: string; machine: number; code: Buffer }>> = {
  x86_64: {
    file: 'BOOTX64.EFI',
    machine: 0x8664,
    code: Buffer.from(
      [
        '488b4a40', // mov rcx, [rdx + 0x40]: SystemTable->ConOut
        '488d1515000000', // lea rdx, [rip + 21]: the line
        '4883ec28', // sub rsp, 40
        'ff5108', // call [rcx + 8]: OutputString
        'ebfe', // jmp $
      ].join(''),
      'hex',
    ),
  },
  aarch64: {
    file: 'BOOTAA64.EFI',
    machine: 0xaa64,
    code: Buffer.from(
      [
        '202040f9', // ldr x0, [x1, #64]: SystemTable->ConOut
        '020440f9', // ldr x2, [x0, #8]: OutputString
        'c1000010', // adr x1, . + 24: the line
        '40003fd6', // blr x2
        '00000014', // b .
      ].join(''),
      'hex',
    ),
  },
  riscv64: {
    file: 'BOOTRISCV64.EFI',
    machine: 0x5064,
    code: Buffer.from(
      [
        '03b50504', // ld a0, 64(a1): SystemTable->ConOut
        '83328500', // ld t0, 8(a0): OutputString
        '97050000', // auipc a1, 0
        '93858501', // addi a1, a1, 24: the line
        'e7800200', // jalr t0
        '6f000000', // j .
      ].join(''),
      'hex',
    ),
  },
};

/** Where the code expects the line. */
const LINE_AT = 32;
const PAGE = 0x1000;
const FILE_ALIGNMENT = 0x200;

/** The image, made in `folder`, whose path may hold no "=" for xorriso. */
export function makeBootMedium(arch: BootArchitecture, folder: string): string {
  const { file } = PROGRAMS[arch];
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), programOf(arch));
  run(folder, 'mformat', '-i', 'esp.img', '-C', '-f', '1440', '::');
  run(folder, 'mmd', '-i', 'esp.img', '::/EFI', '::/EFI/BOOT');
  run(folder, 'mcopy', '-i', 'esp.img', file, `::/EFI/BOOT/${file}`);
  run(
    folder,
    'xorriso',
    '-as',
    'mkisofs',
    '-quiet',
    '-o',
    'cd.iso',
    '-e',
    'esp.img',
    '-no-emul-boot',
    'esp.img',
  );
  return join(folder, 'cd.iso');
}

function run(cwd: string, program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}

/** A program in the format PE32+ with one section, of which the first page of memory is the header. */
function programOf(arch: BootArchitecture): Buffer {
  const { machine, code } = PROGRAMS[arch];
  const header = Buffer.alloc(FILE_ALIGNMENT);
  const at = 64;
  header.write('MZ');
  header.writeUInt32LE(at, 0x3c);
  header.write('PE\0\0', at);
  const coff = at + 4;
  header.writeUInt16LE(machine, coff);
  header.writeUInt16LE(1, coff + 2); // sections
  header.writeUInt16LE(0xf0, coff + 16); // size of the optional header
  header.writeUInt16LE(0x22, coff + 18); // executable, large addresses
  const optional = coff + 20;
  header.writeUInt16LE(0x20b, optional); // PE32+
  header.writeUInt32LE(PAGE, optional + 4); // size of code
  header.writeUInt32LE(PAGE, optional + 16); // entry
  header.writeUInt32LE(PAGE, optional + 20); // base of code
  header.writeUInt32LE(PAGE, optional + 32); // alignment in memory
  header.writeUInt32LE(FILE_ALIGNMENT, optional + 36);
  header.writeUInt32LE(2 * PAGE, optional + 56); // size of the image
  header.writeUInt32LE(FILE_ALIGNMENT, optional + 60); // size of headers
  header.writeUInt16LE(10, optional + 68); // an application for UEFI
  header.writeUInt32LE(16, optional + 108); // directories, all empty
  const section = optional + 0xf0;
  header.write('.text', section);
  header.writeUInt32LE(PAGE, section + 8); // size in memory
  header.writeUInt32LE(PAGE, section + 12); // address
  header.writeUInt32LE(FILE_ALIGNMENT, section + 16); // size in the file
  header.writeUInt32LE(FILE_ALIGNMENT, section + 20); // place in the file
  header.writeUInt32LE(0x60000020, section + 36); // code, to be read and executed
  const body = Buffer.alloc(FILE_ALIGNMENT);
  code.copy(body);
  body.write(`${LINE}\r\n\0`, LINE_AT, 'utf16le');
  return Buffer.concat([header, body]);
}
