/** A bridge of the host, which QEMU's helper puts the card on. */
import { BRIDGE_RULES_FILE, type ProbedNetwork } from '../../facts/host.ts';
import type { Path } from '../../profile/path.ts';
import { fine, type NeedKind, type OwnVerdict } from '../need_kind.ts';

export interface BridgeNeed {
  readonly kind: 'bridge';
  readonly at: Path;
  readonly bridge: string;
  /** QEMU's id for the card's network. */
  readonly netdev: string | undefined;
}

export const bridge: NeedKind<BridgeNeed> = {
  resources: ({ bridge, netdev }) => [`netdev:${netdev}`, `netdev:${bridge}`],
  risk: () => 'high',
  unknowns: ({ bridge }) => [
    {
      question: 'Is there such a bridge, and does the bridge helper allow QEMU to use it?',
      subject: `netdev:${bridge}`,
    },
  ],
  verdicts: ({ bridge }, { network, facts }) => {
    if (network === null) return [];
    const common = { category: 'network', metadata: { bridge } } as const;
    const helper = verdictOnHelper(bridge, network.bridgeRules);
    return [
      { ...common, ...verdictOnBridge(bridge, network.links, facts.os), resources: [`netdev:${bridge}`] },
      { ...common, ...helper, resources: [`netdev:${bridge}`, `path:${BRIDGE_RULES_FILE}`] },
    ];
  },
};

function verdictOnBridge(bridge: string, links: ProbedNetwork['links'], os: string): OwnVerdict {
  if (links === null) {
    return {
      id: 'bridge-unknown',
      severity: 'info',
      title: `Whether there is a bridge ${bridge} is not known`,
      says: `The network devices of this ${os} host cannot be listed.`,
      mend: 'Look yourself before the start.',
    };
  }
  return links.get(bridge) === 'bridge'
    ? fine('bridge-found', `The bridge ${bridge} is there`, `${bridge} is a bridge of this host.`)
    : {
        id: 'bridge-missing',
        severity: 'error',
        title: `There is no bridge ${bridge}`,
        says: `The profile has an interface of the type bridge, and this host has no bridge ${bridge}; QEMU does not start.`,
        mend: 'Create the bridge with the network tools of the host: how it joins other networks is for its administrator to decide.',
      };
}

function verdictOnHelper(bridge: string, bridgeRules: ProbedNetwork['bridgeRules']): OwnVerdict {
  const rules = (bridgeRules ?? []).map((line) => line.split(/\s+/));
  const has = (action: string): boolean =>
    rules.some(([word, name]) => word === action && (name === bridge || name === 'all'));
  // The helper lets a single deny outweigh any allow.
  if (has('deny')) {
    return {
      id: 'bridge-helper-denied',
      severity: 'error',
      title: `QEMU's bridge helper must not join ${bridge}`,
      says: `${BRIDGE_RULES_FILE} denies ${bridge}, and QEMU does not start.`,
      mend: 'Ask the administrator of the host, or use another interface type.',
    };
  }
  if (has('allow')) {
    return fine(
      'bridge-helper-allowed',
      `QEMU's bridge helper may join ${bridge}`,
      `${BRIDGE_RULES_FILE} allows ${bridge}. The helper itself has to be there and to be allowed to act as root.`,
    );
  }
  if (bridgeRules === null || rules.some(([word]) => word === 'include')) {
    return {
      id: 'bridge-helper-unknown',
      severity: 'info',
      title: `Whether QEMU's bridge helper may join ${bridge} is not known`,
      says: `${BRIDGE_RULES_FILE} cannot be read by this user, or it includes other files.`,
      mend: `Look for the line "allow ${bridge}" yourself.`,
    };
  }
  return {
    id: 'bridge-helper-not-allowed',
    severity: 'warning',
    title: `QEMU's bridge helper is not allowed to join ${bridge}`,
    says: `No line of ${BRIDGE_RULES_FILE} allows ${bridge}; the bridge helper refuses, and QEMU does not start.`,
    mend: `Add the line "allow ${bridge}". The helper also has to be allowed to act as root.`,
    remedy: { kind: 'allow-bridge', bridge },
  };
}
