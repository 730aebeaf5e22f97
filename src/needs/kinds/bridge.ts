/** A bridge of the host, which QEMU's helper puts the card on. */
import { BRIDGE_RULES_FILE, type ProbedNetwork, TUN_DEVICE } from '../../facts/host.ts';
import type { BridgeFault, BridgeRule, BridgeRules } from '../../facts/network.ts';
import type { Path } from '../../profile/path.ts';
import { show } from '../../profile/show.ts';
import { fine, type NeedKind, type OwnVerdict } from '../need_kind.ts';
import { verdictsOnTunDevice } from './tun_device.ts';

export interface BridgeNeed {
  readonly kind: 'bridge';
  readonly at: Path;
  readonly bridge: string;
  readonly version: number;
  /** QEMU's id for the card's network, which version 1 names too. */
  readonly netdev: string | undefined;
}

const HELPER = 'process:qemu-bridge-helper';

/** Version 1 has no name of its own for bridges. */
function resourceOf({ bridge, version }: BridgeNeed): string {
  return version === 1 ? `netdev:${bridge}` : `bridge:${bridge}`;
}

export const bridge: NeedKind<BridgeNeed> = {
  resources: (need) => [
    resourceOf(need),
    ...(need.version === 1 ? [`netdev:${need.netdev}`] : [HELPER, `device:${TUN_DEVICE}`]),
  ],
  exposes: ({ bridge }) => `The guest is on the network of the bridge ${bridge}.`,
  risk: () => 'high',
  unknowns: (need) => [
    {
      question: 'Is there such a bridge, and does the bridge helper allow QEMU to use it?',
      subject: resourceOf(need),
    },
    ...(need.version === 1 ? [] : [{ question: 'May the helper act as root?', subject: HELPER }]),
  ],
  verdicts: (need, { network, facts, files }) => {
    if (network === null) return [];
    const { bridge } = need;
    const resource = resourceOf(need);
    const common = { category: 'network', metadata: { bridge } } as const;
    const own = ownBuildOf(files.binary);
    const helper =
      own === null ? verdictOnHelper(need, network.bridgeRules) : unknownHelper(bridge, otherHelper(own));
    const rights = own === null ? verdictsOnRights(network) : [];
    return [
      { ...common, ...verdictOnBridge(bridge, network.links, facts.os), resources: [resource] },
      { ...common, ...helper, resources: [resource, `path:${BRIDGE_RULES_FILE}`] },
      ...rights.map((verdict) => ({ ...common, ...verdict, resources: [HELPER] })),
      ...verdictsOnTunDevice(network.tunDevice),
    ];
  },
};

/** There is one bridge in version 1, which ids do not name. */
const ONLY_BRIDGE = 'br0';

function idOf(word: string, bridge: string): string {
  return bridge === ONLY_BRIDGE ? word : `${word}:${bridge}`;
}

/** A QEMU that is not where distributions put theirs; its helper and the helper's list were put where its builder wanted. */
function ownBuildOf(binary: string | null): string | null {
  return binary === null || /^\/(?:usr\/)?bin\//.test(binary) ? null : binary;
}

function otherHelper(binary: string): string {
  return `This QEMU is ${show(binary)}: where its helper is, and which list that reads, depends on how it was built.`;
}

function verdictOnBridge(bridge: string, links: ProbedNetwork['links'], os: string): OwnVerdict {
  if (links === null) {
    return {
      id: idOf('bridge-unknown', bridge),
      severity: 'info',
      title: `Whether there is a bridge ${bridge} is not known`,
      says: `The network devices of this ${os} host cannot be listed.`,
      mend: 'Look yourself before the start.',
    };
  }
  const link = links.get(bridge);
  if (link === undefined) {
    return {
      id: idOf('bridge-missing', bridge),
      severity: 'error',
      title: `There is no bridge ${bridge}`,
      says: `The profile has an interface of the type bridge, and this host has no bridge ${bridge}; QEMU does not start.`,
      mend: 'Create the bridge with the network tools of the host: how it joins other networks is for its administrator to decide.',
    };
  }
  return link.kind === 'bridge'
    ? fine(
        idOf('bridge-found', bridge),
        `The bridge ${bridge} is there`,
        `${bridge} is a bridge of this host.`,
      )
    : {
        id: idOf('bridge-not-a-bridge', bridge),
        severity: 'error',
        title: `${bridge} is no bridge of the kernel`,
        says: `The network device ${bridge} is there and is no bridge of the kernel, as those of Open vSwitch are none; QEMU's helper cannot put a card on it, and QEMU does not start.`,
        mend: 'Name a bridge, or set type = "tap" with a tap device that the administrator of the host makes a port of the switch.',
      };
}

/** Debian ships it without any rights; started by root it needs none. Administrators often leave it to one group. */
function verdictsOnRights({ links, bridgeHelper, rights }: ProbedNetwork): OwnVerdict[] {
  if (bridgeHelper === null) {
    // Where not even the devices of the host can be listed, nobody looked for it.
    if (links === null) return [];
    return [
      {
        id: 'bridge-helper-missing',
        severity: 'warning',
        title: "QEMU's bridge helper was not found",
        says: 'There is no qemu-bridge-helper where distributions put it; unless this QEMU has it elsewhere, QEMU does not start.',
        mend: 'Install it; some distributions have it in a package of its own.',
      },
    ];
  }
  const { path, isSetuidRoot, mayRun } = bridgeHelper;
  if (!mayRun) {
    return [
      {
        id: 'bridge-helper-no-permission',
        severity: 'warning',
        title: "This user may not run QEMU's bridge helper",
        says: `${path} is there, and this user may not run it; QEMU of this user does not start.`,
        mend: 'Run QEMU as a user who may, or let this user run it.',
      },
    ];
  }
  if (isSetuidRoot || rights?.mayAdministrate === true) return [];
  return [
    {
      id: 'bridge-helper-not-setuid',
      severity: 'warning',
      title: "QEMU's bridge helper has not the rights of root",
      says: `${path} is not setuid root: unless it has the capability cap_net_admin, which this service cannot see, it makes no tap device for this user, and QEMU does not start.`,
      mend: `Run "chmod u+s ${path}" as root, or "setcap cap_net_admin+ep ${path}".`,
    },
  ];
}

/** The helper refuses everything where it cannot read the list, and lets a single deny outweigh any allow. */
function verdictOnHelper(need: BridgeNeed, list: BridgeRules | null): OwnVerdict {
  const { bridge } = need;
  if (list === null) return unknownHelper(bridge);
  const { state, rules, fault } = list;
  if (state === 'unreadable') {
    return {
      id: idOf('bridge-helper-list-unreadable', bridge),
      severity: 'warning',
      title: "This user may not read the list of QEMU's bridge helper",
      says: `${BRIDGE_RULES_FILE} cannot be read by this user. The helper reads it as the user who starts QEMU, whatever rights it has besides, and refuses every bridge where that user may not.`,
      mend: 'Let the user that runs QEMU read it.',
    };
  }
  if (fault !== null) {
    return {
      id: idOf('bridge-helper-list-invalid', bridge),
      severity: 'error',
      title: "QEMU's bridge helper cannot read its list",
      says: `${faultText(fault)}; the bridge helper refuses every bridge, and QEMU does not start.`,
      mend: 'Mend the line; a comment starts with "#" and has a line of its own.',
    };
  }
  const has = (action: BridgeRule['action']): boolean =>
    rules.some((rule) => rule.action === action && (rule.bridge === bridge || rule.bridge === 'all'));
  if (has('deny')) {
    return {
      id: idOf('bridge-helper-denied', bridge),
      severity: 'error',
      title: `QEMU's bridge helper must not join ${bridge}`,
      says: `${BRIDGE_RULES_FILE} denies ${bridge}, and QEMU does not start.`,
      mend: 'Ask the administrator of the host, or use another interface type.',
    };
  }
  if (state === 'incomplete') return unknownHelper(bridge);
  if (has('allow')) {
    return fine(
      idOf('bridge-helper-allowed', bridge),
      `QEMU's bridge helper may join ${bridge}`,
      `${BRIDGE_RULES_FILE} allows ${bridge}. The helper itself has to be there and to be allowed to act as root.`,
    );
  }
  return {
    id: idOf('bridge-helper-not-allowed', bridge),
    severity: 'warning',
    title: `QEMU's bridge helper is not allowed to join ${bridge}`,
    says: `${whyNot(bridge, list)}; the bridge helper refuses, and QEMU does not start.`,
    mend: `Add the line "allow ${bridge}". The helper also has to be allowed to act as root.`,
    remedy: { kind: 'allow-bridge', bridge, resource: resourceOf(need) },
  };
}

function faultText({ kind, line, name }: BridgeFault): string {
  const where = `Line ${line} of ${BRIDGE_RULES_FILE}`;
  switch (kind) {
    case 'no-rule':
      return `${where} is neither a comment nor "allow", "deny" or "include" with a blank and a name`;
    case 'long-name':
      return `${where} has ${show(name)} for the name of a bridge, which is longer than 15 bytes: a name goes on to the end of the line`;
    case 'circle':
      return `${where} includes ${show(name)}, and so the list includes itself until the helper dies of it`;
  }
}

const UNREAD = `${BRIDGE_RULES_FILE}, or a file that it includes, is not known.`;

function unknownHelper(bridge: string, says = UNREAD): OwnVerdict {
  return {
    id: idOf('bridge-helper-unknown', bridge),
    severity: 'info',
    title: `Whether QEMU's bridge helper may join ${bridge} is not known`,
    says,
    mend: `Look for the line "allow ${bridge}" yourself.`,
  };
}

/** A line that somebody meant for the bridge is named: the helper takes all that follows "allow" for one name. */
function whyNot(bridge: string, { state, rules }: BridgeRules): string {
  if (state === 'missing') return `There is no ${BRIDGE_RULES_FILE}`;
  const meant = rules.find((rule) => rule.action === 'allow' && rule.bridge.split(/[^\w.-]/)[0] === bridge);
  return meant === undefined
    ? `No line of ${BRIDGE_RULES_FILE} allows ${bridge}`
    : `Line ${meant.line} of ${show(meant.file)} allows a bridge called ${show(meant.bridge)}, for the name goes on to the end of the line: a comment, or another bridge, needs a line of its own`;
}
