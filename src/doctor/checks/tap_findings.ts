import type { LinkKind } from '../../context/host_survey.ts';
import type { Examined } from '../examined.ts';
import { type Finding, type FindingParts, finding } from '../finding.ts';
import { planTap } from '../remedies/make_tap.ts';

/** The tap devices that the profile's interfaces are named after. */
export function tapFindings(one: Examined): Finding[] {
  const names = [...(one.draft.network.interfaces ?? []).entries()].flatMap(([index, { name, type }]) => {
    const at = ['network', 'interfaces', index];
    const isUsable = type === 'tap' && !one.isRefused([...at, 'name']) && !one.isRefused([...at, 'type']);
    return isUsable && name !== undefined ? [name] : [];
  });
  return names.map((name) =>
    finding({
      ...verdictOn(one, name),
      category: 'network',
      resources: [`netdev:${name}`],
      metadata: { device: name, profile_name: one.name },
    }),
  );
}

type Verdict = Pick<FindingParts, 'id' | 'severity' | 'title' | 'description' | 'remedy'>;

function verdictOn(one: Examined, name: string): Verdict {
  const { links } = one.seen;
  if (links === null) {
    return {
      id: `tap-unknown:${name}`,
      severity: 'info',
      title: `Whether there is a tap device ${name} is not known`,
      description: `The network devices of this ${one.facts.os} host cannot be listed. Look yourself before the start.`,
    };
  }
  const kind: LinkKind | undefined = links.get(name);
  if (kind === 'tap') {
    return {
      id: `tap-found:${name}`,
      severity: 'info',
      title: `The tap device ${name} is there`,
      description: `${name} is a tap device; whether the user that runs QEMU may use it is not known.`,
    };
  }
  if (kind !== undefined) {
    return {
      id: `tap-not-a-tap:${name}`,
      severity: 'error',
      title: `${name} is no tap device`,
      description: `The network device ${name} is there and is no tap device. Give the interface another name.`,
    };
  }
  const id = `tap-missing:${name}`;
  return {
    id,
    severity: 'warning',
    title: `There is no tap device ${name}`,
    description: `There is no network device ${name}; only a privileged QEMU could create it. Create it before the start, and put it where the guest's traffic should go.`,
    remedy: planTap(one.causeOf(id), name),
  };
}
