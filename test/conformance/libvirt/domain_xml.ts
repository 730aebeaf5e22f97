/** A libvirt domain that means what a profile means, as far as libvirt has words for it. */
import type { Intent } from '../compare/intent.ts';

const ARCHITECTURES = {
  x86_64: { arch: 'x86_64', machine: 'q35' },
  aarch64: { arch: 'aarch64', machine: 'virt' },
  riscv64: { arch: 'riscv64', machine: 'virt' },
  ppc64le: { arch: 'ppc64le', machine: 'pseries' },
};

export function domainXml(intent: Intent, program: string): string {
  const { arch, machine } = ARCHITECTURES[intent.arch];
  const { kernel, serial, cpu } = intent;
  const element = (name: string, text: string | undefined | null): string =>
    text ? `<${name}>${escaped(text)}</${name}>` : '';
  return `<domain type='qemu'>
  ${element('name', intent.name)}
  <memory unit='MiB'>${intent.memoryMb}</memory>
  <vcpu>${intent.cores}</vcpu>
  <os><type arch='${arch}' machine='${machine}'>hvm</type>
    ${element('kernel', kernel?.image)}${element('initrd', kernel?.initrd)}${element('cmdline', kernel?.append)}</os>
  ${hasCpu(intent) && cpu === 'max' ? "<cpu mode='maximum'/>" : ''}
  ${hasCpu(intent) && cpu !== 'max' ? `<cpu mode='custom' match='exact'><model>${cpu}</model></cpu>` : ''}
  <devices>
    <emulator>${program}</emulator>
    <controller type='usb' model='none'/><memballoon model='none'/>
    ${intent.disks.map((disk, index) => diskXml(disk, index, intent.hasBootIndex)).join('\n    ')}
    ${intent.shares.map(shareXml).join('\n    ')}
    ${serial?.mode === 'socket' ? `<serial type='unix'><source mode='bind' path='${escaped(String(serial.path))}'/></serial>` : ''}
    ${serial?.mode === 'file' ? `<serial type='file'><source path='${escaped(String(serial.path))}'/></serial>` : ''}
  </devices>
</domain>
`;
}

/** Models of riscv64, and `max` for POWER, are not in libvirt's vocabulary; there it leaves the choice to QEMU. */
export function hasCpu({ arch, cpu }: Intent): boolean {
  return arch !== 'riscv64' && (cpu !== 'max' || arch !== 'ppc64le');
}

function diskXml(
  { path, format, readonly, boots }: Intent['disks'][number],
  index: number,
  hasOrder: boolean,
): string {
  const target = `vd${String.fromCharCode('a'.charCodeAt(0) + index)}`;
  return [
    `<disk type='file' device='disk'><driver name='qemu' type='${format}'/>`,
    `<source file='${escaped(path)}'/><target dev='${target}' bus='virtio'/>`,
    readonly ? '<readonly/>' : '',
    boots && hasOrder ? "<boot order='1'/>" : '',
    '</disk>',
  ].join('');
}

function shareXml({ name, path, readonly }: Intent['shares'][number]): string {
  return [
    `<filesystem type='mount' accessmode='passthrough'><source dir='${escaped(path)}'/><target dir='${name}'/>`,
    readonly ? '<readonly/>' : '',
    '</filesystem>',
  ].join('');
}

function escaped(text: string): string {
  return text.replace(/[&<>'"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
