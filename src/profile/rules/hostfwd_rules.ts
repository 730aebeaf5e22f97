import { fieldOf, type Path } from '../field_path.ts';
import { boundAddress, type HostForward, isLoopback, parseHostForward } from '../hostfwd.ts';
import type { Findings } from '../issue.ts';
import type { DraftInterface } from '../profile.ts';

/** Linux lets only privileged processes bind ports below this one. */
const FIRST_UNPRIVILEGED_PORT = 1024;
const ANY_ADDRESS = '0.0.0.0';

/** A rule with its place in the profile. */
interface PlacedForward extends HostForward {
  readonly interface: number;
  readonly rule: number;
}

export function hostForwardRules(interfaces: readonly DraftInterface[], findings: Findings): void {
  const forwards = forwardsOf(interfaces);
  for (const forward of forwards) exposureRules(forward, findings);
  if (hasPortTwice(forwards)) forwardedTwice(forwards, findings);
}

function forwardsOf(interfaces: readonly DraftInterface[]): PlacedForward[] {
  const forwards: PlacedForward[] = [];
  interfaces.forEach(({ type, hostfwd }, index) => {
    if (type !== 'user') return;
    hostfwd?.forEach((text, rule) => {
      if (text !== undefined) forwards.push({ ...parseHostForward(text), interface: index, rule });
    });
  });
  return forwards;
}

function pathOf(forward: PlacedForward): Path {
  return ['network', 'interfaces', forward.interface, 'hostfwd', forward.rule];
}

function exposureRules(forward: PlacedForward, { warning }: Findings): void {
  if (!isLoopback(forward)) {
    warning(
      pathOf(forward),
      'hostfwd-not-loopback',
      `${fieldOf(pathOf(forward))} listens on ${boundAddress(forward)}; other machines can reach the guest's port ${forward.guestPort}.`,
      'Write 127.0.0.1 as the host address unless that is meant.',
    );
  }
  if (forward.hostPort < FIRST_UNPRIVILEGED_PORT) {
    warning(
      pathOf(forward),
      'hostfwd-privileged-port',
      `${fieldOf(pathOf(forward))} listens on port ${forward.hostPort}; ports under ${FIRST_UNPRIVILEGED_PORT} need privilege on most hosts.`,
      `Use a host port from ${FIRST_UNPRIVILEGED_PORT} to 65535.`,
    );
  }
}

/** Whether two rules have one number of a port, of whatever protocol and on whatever address. */
function hasPortTwice(forwards: readonly PlacedForward[]): boolean {
  return forwards.length > 1 && new Set(forwards.map(({ hostPort }) => hostPort)).size < forwards.length;
}

function forwardedTwice(forwards: readonly PlacedForward[], { error }: Findings): void {
  // Per protocol and port, which rule took which address first.
  const taken = new Map<string, Map<string, PlacedForward>>();
  for (const forward of forwards) {
    const port = `${forward.protocol}:${forward.hostPort}`;
    const address = boundAddress(forward);
    const holders = taken.get(port) ?? new Map<string, PlacedForward>();
    taken.set(port, holders);
    const anyHolder = address === ANY_ADDRESS ? holders.values().next().value : undefined;
    const holder = holders.get(address) ?? holders.get(ANY_ADDRESS) ?? anyHolder;
    if (!holders.has(address)) holders.set(address, forward);
    if (holder === undefined) continue;
    error(
      pathOf(forward),
      'port-forwarded-twice',
      `${fieldOf(pathOf(forward))} takes ${forward.protocol} port ${forward.hostPort} on ${address}, which ${fieldOf(pathOf(holder))} takes already.`,
      'Use another host port.',
    );
  }
}
