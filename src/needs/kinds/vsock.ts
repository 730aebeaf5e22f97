/** The number by which a guest is known on sockets of the kind vsock. */
import { type ProbedNetwork, VSOCK_DEVICE } from '../../facts/host.ts';
import type { Path } from '../../profile/path.ts';
import { fine, type NeedKind, type OwnVerdict } from '../need_kind.ts';

export interface VsockNeed {
  readonly kind: 'vsock';
  readonly at: Path;
  readonly cid: number;
}

const DEVICE = `device:${VSOCK_DEVICE}`;

/** Which numbers are taken nobody can see. */
export const vsock: NeedKind<VsockNeed> = {
  claim: ({ cid }) => ({
    code: 'vsock-cid-used-twice',
    key: `vsock ${cid}`,
    thing: () => `the vsock number ${cid}`,
    harm: 'only the first of them to start gets it',
  }),
  resources: ({ cid }) => [DEVICE, `vsock:${cid}`],
  exposes: () => 'The guest can connect to programs of the host that listen on vsock.',
  risk: () => 'medium',
  unknowns: ({ cid }) => [
    { question: 'May the user that runs QEMU open it?', subject: DEVICE },
    { question: 'Has no other VM of the host this number?', subject: `vsock:${cid}` },
  ],
  verdicts: (_, { network }) =>
    network === null || network.vsockDevice === null
      ? []
      : [
          {
            ...verdictOn(network.vsockDevice),
            category: 'network',
            resources: [DEVICE],
            metadata: { device: VSOCK_DEVICE },
          },
        ],
};

function verdictOn(state: NonNullable<ProbedNetwork['vsockDevice']>): OwnVerdict {
  switch (state) {
    case 'missing':
      return {
        id: 'vsock-device-missing',
        severity: 'error',
        title: `There is no ${VSOCK_DEVICE}`,
        says: `QEMU makes sockets of the kind vsock through ${VSOCK_DEVICE}, which is not there; it does not start.`,
        mend: 'Load the module vhost_vsock, or hand the device on to the container that this is.',
      };
    case 'no-permission':
      return {
        id: 'vsock-device-no-permission',
        severity: 'warning',
        title: `This user may not use ${VSOCK_DEVICE}`,
        says: `QEMU makes sockets of the kind vsock through ${VSOCK_DEVICE}, which this user may not read and write; it does not start.`,
        mend: 'Let the user that runs QEMU read and write it; many systems have the group kvm for that.',
      };
    default:
      return fine(
        'vsock-device-ready',
        `This user may use ${VSOCK_DEVICE}`,
        `QEMU makes sockets of the kind vsock through ${VSOCK_DEVICE}, which this user may read and write.`,
      );
  }
}
