/** A tap device of the host. */
import { type ProbedNetwork, TUN_DEVICE, VHOST_NET_DEVICE } from '../../facts/host.ts';
import type { NetworkRights, TapLink } from '../../facts/network.ts';
import type { Path } from '../../profile/path.ts';
import { show } from '../../profile/show.ts';
import { fine, type NeedKind, type OwnVerdict, type Verdict } from '../need_kind.ts';
import { verdictsOnTunDevice } from './tun_device.ts';

export interface TapNeed {
  readonly kind: 'tap';
  readonly at: Path;
  readonly device: string;
  /** More than one only on a device that was made for many. */
  readonly queues: number;
  /** Whether the kernel moves the packets. */
  readonly vhost: boolean;
}

export const tap: NeedKind<TapNeed> = {
  claim: ({ device }) => ({
    code: 'tap-used-twice',
    key: `netdev ${device}`,
    thing: () => `the tap device ${show(device)}`,
    harm: 'only one process can have it',
  }),
  resources: ({ device, vhost }, version) => [
    `netdev:${device}`,
    ...(version === 1 ? [] : [`device:${TUN_DEVICE}`]),
    ...(vhost ? [`device:${VHOST_NET_DEVICE}`] : []),
  ],
  exposes: ({ device }) => `The guest is on whatever network the tap device ${device} is on.`,
  risk: () => 'high',
  unknowns: ({ device, queues, vhost }) => [
    {
      question:
        queues === 1
          ? 'Is there a tap device of this name, and may QEMU use it?'
          : 'Is there a tap device of this name, made for many queues, and may QEMU use it?',
      subject: `netdev:${device}`,
    },
    ...(vhost
      ? [{ question: 'Is it there, and may QEMU use it?', subject: `device:${VHOST_NET_DEVICE}` }]
      : []),
  ],
  verdicts: (need, { network, facts }) => {
    if (network === null) return [];
    const { device, vhost } = need;
    const common = { category: 'network', resources: [`netdev:${device}`], metadata: { device } } as const;
    const own = verdictsOn(need, network, facts.os).map((verdict) => ({ ...verdict, ...common }));
    const ofVhost = vhost ? verdictsOnVhost(network.vhostNetDevice) : [];
    return [...own, ...verdictsOnTunDevice(network.tunDevice), ...ofVhost];
  },
};

/** QEMU 7.2 aborts where it is not there, 10.0 says so and ends. */
function verdictsOnVhost(state: ProbedNetwork['vhostNetDevice']): Verdict[] {
  if (state === 'ready' || state === null) return [];
  const is = state === 'missing' ? 'which is not there' : 'which this user may not read and write';
  return [
    {
      id: `vhost-net-${state}`,
      severity: state === 'missing' ? 'error' : 'warning',
      title: `This user cannot use ${VHOST_NET_DEVICE}`,
      says: `With vhost the kernel moves packets through ${VHOST_NET_DEVICE}, ${is}; QEMU does not start.`,
      mend: 'Load the module vhost_net and let the user that runs QEMU use the device, or set vhost = false.',
      category: 'network',
      resources: [`device:${VHOST_NET_DEVICE}`],
      metadata: { device: VHOST_NET_DEVICE },
    },
  ];
}

function verdictsOn({ device, queues }: TapNeed, { links, rights }: ProbedNetwork, os: string): OwnVerdict[] {
  if (links === null) {
    return [
      {
        id: `tap-unknown:${device}`,
        severity: 'info',
        title: `Whether there is a tap device ${device} is not known`,
        says: `The network devices of this ${os} host cannot be listed.`,
        mend: 'Look yourself before the start.',
      },
    ];
  }
  const link = links.get(device);
  if (link?.kind === 'tap') return verdictsOnTap(device, queues > 1, link, rights);
  if (link === undefined) {
    return [
      {
        id: `tap-missing:${device}`,
        severity: 'warning',
        title: `There is no tap device ${device}`,
        says: `There is no network device ${device}; only a privileged QEMU could create it.`,
        mend: "Create it before the start, and put it where the guest's traffic should go.",
        remedy: { kind: 'create-tap', device, hasQueues: queues > 1 },
      },
    ];
  }
  const what = link.kind === 'tun' ? 'is a tun device, which carries packets without Ethernet,' : 'is there';
  return [
    {
      id: `tap-not-a-tap:${device}`,
      severity: 'error',
      title: `${device} is no tap device`,
      says: `The network device ${device} ${what} and is no tap device; QEMU does not start.`,
      mend: 'Give the interface another name.',
    },
  ];
}

function verdictsOnTap(
  device: string,
  hasQueues: boolean,
  tap: TapLink,
  rights: NetworkRights | null,
): OwnVerdict[] {
  if (hasQueues && !tap.isMultiQueue) {
    return [
      {
        id: `tap-single-queue:${device}`,
        severity: 'error',
        title: `${device} is a tap device of one queue`,
        says: `The tap device ${device} was made without multi_queue, and QEMU opens it with several queues, which the kernel refuses; QEMU does not start.`,
        mend: 'Make it again with multi_queue, or set queues = 1.',
      },
    ];
  }
  if (tap.isMultiQueue && !hasQueues) {
    return [
      {
        id: `tap-multi-queue:${device}`,
        severity: 'error',
        title: `${device} is a tap device of many queues`,
        says: `The tap device ${device} was made with multi_queue, and QEMU opens it with one queue, which the kernel refuses; QEMU does not start.`,
        mend: 'Make it again without multi_queue.',
      },
    ];
  }
  return [verdictOnOwner(device, tap, rights), ...verdictsOnState(device, tap)];
}

/** The kernel asks for the user and for the group, where they are set, or for CAP_NET_ADMIN. */
function verdictOnOwner(device: string, { owner, group }: TapLink, rights: NetworkRights | null): OwnVerdict {
  const id = `tap-found:${device}`;
  const title = `The tap device ${device} is there`;
  if (owner === null && group === null) {
    return fine(id, title, `${device} is a tap device that any user may use.`);
  }
  const whose = [
    ...(owner === null ? [] : [`the user ${owner}`]),
    ...(group === null ? [] : [`the group ${group}`]),
  ].join(' and ');
  if (rights === null) {
    return fine(
      id,
      title,
      `${device} is a tap device of ${whose}; whether the user that runs QEMU may use it is not known.`,
    );
  }
  const isOwn =
    (owner === null || rights.user === owner) && (group === null || rights.groups.includes(group));
  return isOwn || rights.mayAdministrate
    ? fine(id, title, `${device} is a tap device of ${whose}, and this user may use it.`)
    : {
        id: `tap-not-permitted:${device}`,
        severity: 'warning',
        title: `This user may not use the tap device ${device}`,
        says: `The tap device ${device} is for ${whose} alone, and this service runs as the user ${rights.user}; QEMU of this user does not start.`,
        mend: `Run QEMU as ${whose}, or make the device again for the user that runs it.`,
      };
}

function verdictsOnState(device: string, { state, isMultiQueue }: TapLink): OwnVerdict[] {
  switch (state) {
    case 'in-use':
      return [
        {
          id: `tap-in-use:${device}`,
          severity: 'warning',
          title: `The tap device ${device} is in use`,
          says: isMultiQueue
            ? `A process has the tap device ${device} now; QEMU starts and takes more of its queues, and each gets packets that are for the other.`
            : `A process has the tap device ${device} now, and only one can; QEMU does not start while it does.`,
          mend: 'Stop that process (it may be this very VM), or give the interface another name.',
        },
      ];
    case 'down':
      return [
        {
          id: `tap-down:${device}`,
          severity: 'info',
          title: `The tap device ${device} is down`,
          says: `The tap device ${device} is switched off: the guest reaches nothing, and whether a process has it, with which QEMU may not start, is not known.`,
          mend: 'Switch it on before the start.',
        },
      ];
    case 'idle':
      return [];
  }
}
