/** Small valid profiles, to which a case adds what it is about. */
import type { ProfileDocument } from '../../src/topics/profile.ts';
import type { Architecture } from './settings.ts';

export type Disk = NonNullable<NonNullable<ProfileDocument['storage']>['disks']>[number];
export type Interface = NonNullable<NonNullable<ProfileDocument['network']>['interfaces']>[number];
export type Serial = NonNullable<ProfileDocument['serial']>;
export type Kernel = NonNullable<ProfileDocument['kernel']>;
export type Sections = Partial<Omit<ProfileDocument, 'schema_version' | 'hardware'>> & {
  readonly hardware?: Partial<ProfileDocument['hardware']>;
};

export const ROOT_DISK: Disk = { name: 'root', path: 'i/root.img', format: 'raw' };
/** How many devices the machine of each architecture has room for. */
export const SLOTS: Readonly<Record<Architecture, number>> = {
  x86_64: 30,
  aarch64: 31,
  riscv64: 31,
  ppc64le: 32,
};
/** A small valid profile, and what is special about it. */
export function small(arch: Architecture, sections: Sections = {}): ProfileDocument {
  const { hardware, ...rest } = sections;
  return {
    schema_version: 1,
    vm: { name: 'edge' },
    storage: { disks: [ROOT_DISK] },
    ...rest,
    hardware: { arch, cores: 1, memory_mb: 512, acceleration: 'tcg', ...hardware },
  };
}

/** The same in version 2 of the schema. */
export function small2(arch: Architecture, sections: Sections = {}): ProfileDocument {
  return { ...small(arch, sections), schema_version: 2 };
}

export function disk(index: number, more: Partial<Disk> = {}): Disk {
  return { name: `d${index}`, path: `i/${index}.img`, format: 'raw', ...more };
}

export function share(index: number, more: Partial<Disk> = {}): Disk {
  return { name: `s${index}`, path: `s/${index}`, format: 'host-path', ...more };
}

export function card(index: number, more: Partial<Interface> = {}): Interface {
  return { name: `n${index}`, type: 'user', ...more };
}

export function times<Element>(count: number, make: (index: number) => Element): Element[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
