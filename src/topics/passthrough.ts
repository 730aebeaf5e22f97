/** PCI devices of the host that the guest gets, each behind a port of its own. */
import { list, table, text, type ValueOf } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { jsonOption } from '../qemu/json_option.ts';
import { accelerationOf } from './accelerator.ts';
import { type Machine, type MachineFamily, plannedMachine } from './machine.ts';
import { duplicateNames, MOST_DEVICES, nameKey } from './names.ts';
import { checkOnlyFor } from './only_for.ts';
import { type Part, part } from './part.ts';
import type { Draft, Issues } from './profile.ts';
import type { Topic } from './topic.ts';

/** Without its domain, as `lspci` prints it, or with other signs between its parts, as libvirt calls the device. */
const OTHER_ADDRESS = /^(?:pci[_:])?(?:([0-9a-f]{4})[:_])?([0-9a-f]{2})[:_]([01][0-9a-f])[._]([0-7])$/i;

function meantAddress(text: string): string | null {
  const [, domain = '0000', bus, device, place] = OTHER_ADDRESS.exec(text) ?? [];
  return place === undefined ? null : `Write "${`${domain}:${bus}:${device}.${place}`.toLowerCase()}".`;
}

const CARD = table('A PCI device of the host.', {
  name: nameKey('Unique among them.', 'gpu'),
  address: text('Its address, domain and all, as `lspci -D` prints it.', {
    required: true,
    pattern: '^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{2}:[01][0-9A-Fa-f][.][0-7]$',
    mistake: {
      code: 'invalid-pci-address',
      must: 'be four, two and two hexadecimal digits and a function from 0 to 7, as lspci -D prints it',
      suggestion: 'Write such as "0000:01:00.0".',
      meant: meantAddress,
    },
    lowerCase: true,
    examples: ['0000:01:00.0'],
  }),
});

export const PASSTHROUGH = list(
  CARD,
  'PCI devices of a linux host that the guest gets, with kvm only. The host must have given them up to vfio-pci before.',
  { most: MOST_DEVICES, since: 2 },
);

type Card = ValueOf<typeof CARD>;

/** Root ports share a slot, one for each function. */
const PORTS_OF_SLOT = 8;

/** The last free slot, so that ports take none of those that QEMU counts up from the first. */
function lastSlot(family: MachineFamily): number {
  return family === 'q35' ? 0x1e : 0x1f;
}

export const passthrough: Topic = {
  checkProfile: ({ passthrough = [] }, issues) => {
    duplicateNames([{ elements: passthrough, placeOf: (index) => ['passthrough', index, 'name'] }], issues);
    twiceRule(passthrough, issues);
  },
  checkOnHost: (draft, { facts }, issues) => {
    const { passthrough = [], hardware } = draft;
    if (passthrough.length === 0) return;
    const { arch, acceleration } = hardware;
    const resolved =
      arch === undefined || acceleration === undefined
        ? undefined
        : accelerationOf({ arch, acceleration }, facts);
    checkOnlyFor(
      ['passthrough'],
      'there',
      [
        {
          on: 'os',
          is: facts.os,
          allowed: ['linux'],
          instead: 'Use the devices that QEMU emulates, or plan it for linux.',
        },
        {
          on: 'accelerator',
          is: resolved,
          allowed: ['kvm'],
          instead:
            'Write hardware.acceleration = "kvm" on a host that has it, or use the devices that QEMU emulates.',
        },
      ],
      issues,
    );
  },
  needs: ({ passthrough = [], hardware: { memory_mb } }) => {
    const at = (index: number) => ['passthrough', index, 'address'] as const;
    const cards = passthrough.flatMap(({ address }, index) =>
      address === undefined ? [] : [{ kind: 'pci-device', at: at(index), address } as const],
    );
    // All memory of the guest is pinned, so that the device can reach it.
    const isPinned = cards.length > 0 && memory_mb !== undefined;
    return isPinned ? [...cards, { kind: 'memory-lock', at: at(0), memoryMb: memory_mb } as const] : cards;
  },
  slots: ({ passthrough = [] }, { family }) => [
    {
      at: ['passthrough'],
      slots: family === 'pseries' ? passthrough.length : Math.ceil(passthrough.length / PORTS_OF_SLOT),
    },
  ],
  args: (profile) => {
    const machine = plannedMachine(profile);
    return profile.passthrough.map((card, index) => cardPart(card, index, machine));
  },
};

function twiceRule(cards: NonNullable<Draft['passthrough']>, { error }: Issues): void {
  const addresses = cards.map(({ address }) => address);
  for (const [index, address] of addresses.entries()) {
    const first = addresses.indexOf(address);
    if (address === undefined || first === index) continue;
    error(
      ['passthrough', index, 'address'],
      'passthrough-address-twice',
      (field) => `${field} is ${show(address)}, which passthrough[${first}] has already.`,
    );
  }
}

function cardPart({ name, address }: Card, index: number, { family }: Machine): Part {
  const list = '/passthrough';
  const at = `${list}/${index}`;
  const hasPort = family !== 'pseries';
  const brought = hasPort ? ['-device', jsonOption(rootPort(index, family))] : [];
  const card = {
    bus: hasPort ? portId(index) : undefined,
    driver: 'vfio-pci',
    host: address,
    id: `pci-${name}`,
  };
  return part('devices', [`${at}/name`, `${at}/address`], [...brought, '-device', jsonOption(card)], {
    why: hasPort ? 'Each device is behind a port of its own, in slots from the last one down.' : null,
    decidedBy: ['/machine/type', '/hardware/arch'],
    element: { name: card.id, list, index },
    form: String(index),
    formDecidedBy: /^\/passthrough(?:\/\d+)?$/,
  });
}

function portId(index: number): string {
  return `rp${index}`;
}

function rootPort(index: number, family: MachineFamily) {
  const place = index % PORTS_OF_SLOT;
  const slot = lastSlot(family) - Math.floor(index / PORTS_OF_SLOT);
  return {
    addr: `0x${slot.toString(16)}.${place}`,
    chassis: index + 1,
    driver: 'pcie-root-port',
    id: portId(index),
    multifunction: place === 0 ? true : undefined,
  };
}
