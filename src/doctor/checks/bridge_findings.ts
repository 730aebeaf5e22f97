/** The bridge of `bridge` interfaces, and whether QEMU's helper may join it. */
import { BRIDGE_RULES_FILE } from '../../context/host_survey.ts';
import { BRIDGE } from '../../qemu/network_args.ts';
import type { Examined } from '../examined.ts';
import { type Finding, type FindingParts, finding } from '../finding.ts';
import { planBridgeRule } from '../remedies/allow_bridge.ts';

export function bridgeFindings(one: Examined): Finding[] {
  const { draft, isRefused } = one;
  const wants = (draft.network.interfaces ?? []).some(
    ({ type }, index) => type === 'bridge' && !isRefused(['network', 'interfaces', index, 'type']),
  );
  if (!wants) return [];
  return [bridgeVerdict(one), helperVerdict(one)].map((verdict) =>
    finding({
      ...verdict,
      category: 'network',
      metadata: { bridge: BRIDGE, profile_name: one.name },
    }),
  );
}

type Verdict = Omit<FindingParts, 'category' | 'metadata'>;

function bridgeVerdict({ seen: { links }, facts }: Examined): Verdict {
  const resources = [`netdev:${BRIDGE}`];
  if (links === null) {
    return {
      id: 'bridge-unknown',
      severity: 'info',
      title: `Whether there is a bridge ${BRIDGE} is not known`,
      description: `The network devices of this ${facts.os} host cannot be listed. Look yourself before the start.`,
      resources,
    };
  }
  return links.get(BRIDGE) === 'bridge'
    ? {
        id: 'bridge-found',
        severity: 'info',
        title: `The bridge ${BRIDGE} is there`,
        description: `${BRIDGE} is a bridge of this host.`,
        resources,
      }
    : {
        id: 'bridge-missing',
        severity: 'error',
        title: `There is no bridge ${BRIDGE}`,
        description:
          `The profile has an interface of the type bridge, and this host has no bridge ${BRIDGE}; QEMU does not start. ` +
          'Create the bridge with the network tools of the host: how it joins other networks is for its administrator to decide.',
        resources,
      };
}

function helperVerdict({ seen: { bridgeRules }, causeOf }: Examined): Verdict {
  const resources = [`netdev:${BRIDGE}`, `path:${BRIDGE_RULES_FILE}`];
  const rules = (bridgeRules ?? []).map((line) => line.split(/\s+/));
  const has = (action: string): boolean =>
    rules.some(([word, name]) => word === action && (name === BRIDGE || name === 'all'));
  // The helper lets a single deny outweigh any allow.
  if (has('deny')) {
    return {
      id: 'bridge-helper-denied',
      severity: 'error',
      title: `QEMU's bridge helper must not join ${BRIDGE}`,
      description: `${BRIDGE_RULES_FILE} denies ${BRIDGE}, and QEMU does not start. Ask the administrator of the host, or use another interface type.`,
      resources,
    };
  }
  if (has('allow')) {
    return {
      id: 'bridge-helper-allowed',
      severity: 'info',
      title: `QEMU's bridge helper may join ${BRIDGE}`,
      description: `${BRIDGE_RULES_FILE} allows ${BRIDGE}. The helper itself has to be there and to be allowed to act as root.`,
      resources,
    };
  }
  if (bridgeRules === null || rules.some(([word]) => word === 'include')) {
    return {
      id: 'bridge-helper-unknown',
      severity: 'info',
      title: `Whether QEMU's bridge helper may join ${BRIDGE} is not known`,
      description: `${BRIDGE_RULES_FILE} cannot be read by this user, or it includes other files. Look for the line "allow ${BRIDGE}" yourself.`,
      resources,
    };
  }
  const id = 'bridge-helper-not-allowed';
  return {
    id,
    severity: 'warning',
    title: `QEMU's bridge helper is not allowed to join ${BRIDGE}`,
    description:
      `No line of ${BRIDGE_RULES_FILE} allows ${BRIDGE}; the bridge helper refuses, and QEMU does not start. Add the line ` +
      `"allow ${BRIDGE}". The helper also has to be allowed to act as root.`,
    resources,
    remedy: planBridgeRule(causeOf(id)),
  };
}
