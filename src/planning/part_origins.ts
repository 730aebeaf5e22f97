/** The parts of an argv with what each is about and which fields of the canonical profile it is made from. */
import type { Profile } from '../profile/profile.ts';
import type { Group, Origin } from '../qemu/part.ts';
import type { Planned } from './plan_profile.ts';

export interface PartOrigin {
  readonly group: Group;
  readonly elements: readonly string[];
  /** The elements as one text. */
  readonly text: string;
  /** What the part is about; unique within its argv, and in another argv the same for the same thing. */
  readonly subject: string;
  /** JSON Pointer to the list that holds the disk or interface that the part stands for, if it stands for one. */
  readonly list: string | null;
  /** JSON Pointers to the fields that it is made from, and to that disk or interface. */
  readonly fields: ReadonlySet<string | null>;
}

/** Groups of one part each, whose first element is no switch that stays the same. */
const WITHOUT_SWITCH: ReadonlySet<Group> = new Set(['binary', 'accelerator']);

/** Whether there is such a part at all. */
const ENABLED_BY: Partial<Record<Group, string>> = {
  qmp: '/qmp/enabled',
  serial: '/serial/enabled',
  kernel: '/kernel/enabled',
};

/** What decides when the part is not a plain copy of the fields that it names. */
const CHOSEN_BY: Partial<Record<Group, readonly string[]>> = {
  accelerator: ['/hardware/arch'],
  cpu: ['/hardware/arch', '/hardware/acceleration'],
  network: ['/vm/name'],
};

export function partOrigins({ parts, profile }: Planned): PartOrigin[] {
  return parts.map((part) => {
    const { elements, origin } = part;
    const { group } = origin;
    const device = deviceOf(origin, profile);
    const about = device?.name ?? (WITHOUT_SWITCH.has(group) ? '' : elements[0]);
    return {
      group,
      elements,
      text: elements.join('\0'),
      subject: `${group} ${about}`,
      list: device?.list ?? null,
      fields: new Set([...fieldsOf(origin, profile), ...(device === null ? [] : [device.pointer])]),
    };
  });
}

interface Device {
  readonly name: string;
  readonly list: string;
  readonly pointer: string;
}

const DEVICE = /^(\/storage\/disks|\/network\/interfaces)\/(\d+)/;

/** The disk or interface that a part stands for. */
function deviceOf({ pointers }: Origin, { storage, network }: Profile): Device | null {
  const [pointer, list, index] = DEVICE.exec(pointers[0] ?? '') ?? [];
  if (pointer === undefined) return null;
  const devices = list === '/storage/disks' ? storage.disks : network.interfaces;
  const { name } = devices[Number(index)] as { name: string };
  return { name, list: list as string, pointer };
}

function fieldsOf({ group, pointers, why }: Origin, { serial }: Profile): string[] {
  const enabled = ENABLED_BY[group];
  const chosen = why === null ? [] : (CHOSEN_BY[group] ?? []);
  // A socket that the profile does not name has the name of the VM.
  const named = pointers.includes('/serial/device') && serial.device === undefined ? ['/vm/name'] : [];
  return [...pointers, ...chosen, ...named, ...(enabled === undefined ? [] : [enabled])];
}
