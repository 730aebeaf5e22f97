/** A network of macOS. */
import type { Path } from '../../profile/path.ts';
import type { NeedKind } from '../need_kind.ts';

export interface VmnetNeed {
  readonly kind: 'vmnet';
  readonly at: Path;
  readonly type: string;
  /** The network device that the VM shares, where it shares one. */
  readonly device: string | undefined;
}

export const vmnet: NeedKind<VmnetNeed> = {
  resources: ({ device }) => (device === undefined ? [] : [`netdev:${device}`]),
  exposes: ({ type }) => `The guest is on the network ${type} of macOS.`,
  risk: () => 'high',
  unknowns: ({ type, device }) => [
    {
      question: 'Does QEMU run as root, or with the entitlement com.apple.vm.networking?',
      subject: `network:${type}`,
    },
    ...(device === undefined
      ? []
      : [{ question: 'Has the host such a network device?', subject: `netdev:${device}` }]),
  ],
  verdicts: () => [],
};
