/** A tap device of the host. */
import type { Path } from '../../profile/path.ts';
import { fine, type NeedKind, type OwnVerdict, type Seen } from '../need_kind.ts';

export interface TapNeed {
  readonly kind: 'tap';
  readonly at: Path;
  readonly device: string;
}

export const tap: NeedKind<TapNeed> = {
  resources: ({ device }) => [`netdev:${device}`],
  risk: () => 'high',
  unknowns: ({ device }) => [
    { question: 'Is there a tap device of this name, and may QEMU use it?', subject: `netdev:${device}` },
  ],
  verdicts: ({ device }, { network, facts }) => {
    if (network === null) return [];
    const common = { category: 'network', resources: [`netdev:${device}`], metadata: { device } } as const;
    return [{ ...verdictOn(device, network.links, facts.os), ...common }];
  },
};

function verdictOn(device: string, links: NonNullable<Seen['network']>['links'], os: string): OwnVerdict {
  if (links === null) {
    return {
      id: `tap-unknown:${device}`,
      severity: 'info',
      title: `Whether there is a tap device ${device} is not known`,
      says: `The network devices of this ${os} host cannot be listed.`,
      mend: 'Look yourself before the start.',
    };
  }
  switch (links.get(device)) {
    case 'tap':
      return fine(
        `tap-found:${device}`,
        `The tap device ${device} is there`,
        `${device} is a tap device; whether the user that runs QEMU may use it is not known.`,
      );
    case undefined:
      return {
        id: `tap-missing:${device}`,
        severity: 'warning',
        title: `There is no tap device ${device}`,
        says: `There is no network device ${device}; only a privileged QEMU could create it.`,
        mend: "Create it before the start, and put it where the guest's traffic should go.",
        remedy: { kind: 'create-tap', device },
      };
    default:
      return {
        id: `tap-not-a-tap:${device}`,
        severity: 'error',
        title: `${device} is no tap device`,
        says: `The network device ${device} is there and is no tap device.`,
        mend: 'Give the interface another name.',
      };
  }
}
