/** Firmware as Debian's packages ovmf, qemu-efi-aarch64, qemu-efi-riscv64 and QEMU's own have it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HostFirmware } from '../../src/facts/host_facts.ts';
import type { Lane } from './lane.ts';
import type { Architecture } from './settings.ts';

function pair(arch: Architecture, secure_boot: boolean, code: string, vars_template: string): HostFirmware {
  return { arch, code, code_format: 'raw', vars_template, vars_format: 'raw', secure_boot };
}

/** What this host has, in the order of the packages' descriptors, of which the first that fits is taken. */
export const HOST_FIRMWARE: readonly HostFirmware[] = [
  pair('aarch64', true, '/usr/share/AAVMF/AAVMF_CODE.ms.fd', '/usr/share/AAVMF/AAVMF_VARS.ms.fd'),
  pair('x86_64', true, '/usr/share/OVMF/OVMF_CODE_4M.ms.fd', '/usr/share/OVMF/OVMF_VARS_4M.ms.fd'),
  pair('aarch64', false, '/usr/share/AAVMF/AAVMF_CODE.fd', '/usr/share/AAVMF/AAVMF_VARS.fd'),
  pair('x86_64', false, '/usr/share/OVMF/OVMF_CODE_4M.fd', '/usr/share/OVMF/OVMF_VARS_4M.fd'),
];

/** Files that QEMU takes in place of its own firmware. */
export const BIOS_FILES: Readonly<Record<Architecture, string>> = {
  x86_64: '/usr/share/seabios/bios-256k.bin',
  aarch64: '/usr/share/qemu-efi-aarch64/QEMU_EFI.fd',
  riscv64: '/usr/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin',
  ppc64le: '/usr/share/qemu/slof.bin',
};

/** From this major version on riscv64 machines start from flash images, as far as the versions go that are tried here. */
export const RISCV_FLASH_SINCE = 10;

/** Debian's package qemu-efi-riscv64, which is newer than Debian 12, installed or unpacked beside the QEMU that is tried. */
export function riscvFirmware(prefix: string): HostFirmware {
  const folder = join(prefix, '/usr/share/qemu-efi-riscv64');
  return pair('riscv64', false, join(folder, 'RISCV_VIRT_CODE.fd'), join(folder, 'RISCV_VIRT_VARS.fd'));
}

/** The image of a flash under another name and in any format; most of it is zeros, which take no room. */
export function makeFlash(
  { arch, secure, part }: { arch: Architecture; secure: boolean; part: 'code' | 'vars' },
  format: string,
  file: string,
  { images, path, prefix }: Lane,
): void {
  const all = [...HOST_FIRMWARE, riscvFirmware(prefix)];
  const hosts = all.find((one) => one.arch === arch && one.secure_boot === secure);
  const source = String(part === 'code' ? hosts?.code : hosts?.vars_template);
  const template = images.once(`${arch}-${secure}-${part}.${format}`, (made) => {
    run(path, 'cp', '--sparse=always', source, made);
    if (format === 'raw') return;
    run(path, 'qemu-img', 'convert', '-f', 'raw', '-O', format, made, `${made}.new`);
    run(path, 'mv', `${made}.new`, made);
  });
  mkdirSync(dirname(file), { recursive: true });
  run(path, 'cp', '--sparse=always', template, file);
}

/** The device tree of the machine that starts with nothing, as QEMU itself writes it. */
export function makeDeviceTree(arch: Architecture, file: string, { images, path, program }: Lane): void {
  const template = images.once(`${arch}.dtb`, (made) => {
    const machine = arch === 'aarch64' ? 'virt,gic-version=max' : 'virt';
    const cpu = arch === 'aarch64' ? 'max' : 'rv64';
    run(path, program(arch), '-machine', `${machine},dumpdtb=${made}`, '-cpu', cpu, '-display', 'none');
  });
  mkdirSync(dirname(file), { recursive: true });
  run(path, 'cp', template, file);
}

export function makeBios(arch: Architecture, file: string, { path }: Lane): void {
  mkdirSync(dirname(file), { recursive: true });
  run(path, 'cp', BIOS_FILES[arch], file);
}

function run(path: string, program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { env: { PATH: path }, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}
