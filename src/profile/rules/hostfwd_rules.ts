import type { Path } from '../field_path.ts';
import { boundAddress, type HostForward, isLoopback, parseHostForward } from '../hostfwd.ts';
import type { Findings } from '../issue.ts';
import type { Draft } from '../profile.ts';

type DraftInterface = NonNullable<Draft['network']['interfaces']>[number];

/** Linux lets only privileged processes bind ports below this one. */
const FIRST_UNPRIVILEGED_PORT = 1024;
const ANY_ADDRESS = '0.0.0.0';

export function hostForwardRules(interfaces: readonly DraftInterface[], findings: Findings): void {
  const taken: TakenPorts = new Map();
  for (const [index, { type, hostfwd }] of interfaces.entries()) {
    if (type !== 'user') continue;
    for (const [rule, text] of (hostfwd ?? []).entries()) {
      if (text === undefined) continue;
      const path = ['network', 'interfaces', index, 'hostfwd', rule];
      const field = `network.interfaces[${index}].hostfwd[${rule}]`;
      const forward = parseHostForward(text);
      exposureRules(path, field, forward, findings);
      forwardedTwice(path, field, forward, taken, findings);
    }
  }
}

function exposureRules(path: Path, field: string, forward: HostForward, { warning }: Findings): void {
  if (!isLoopback(forward)) {
    warning(
      path,
      'hostfwd-not-loopback',
      `${field} listens on ${boundAddress(forward)}; other machines can reach the guest's port ${forward.guestPort}.`,
      'Write 127.0.0.1 as the host address unless that is meant.',
    );
  }
  if (forward.hostPort < FIRST_UNPRIVILEGED_PORT) {
    warning(
      path,
      'hostfwd-privileged-port',
      `${field} listens on port ${forward.hostPort}; ports under ${FIRST_UNPRIVILEGED_PORT} need privilege on most hosts.`,
      `Use a host port from ${FIRST_UNPRIVILEGED_PORT} to 65535.`,
    );
  }
}

/** Per protocol and port, which rule took which address first. */
type TakenPorts = Map<string, Map<string, string>>;

function forwardedTwice(
  path: Path,
  field: string,
  forward: HostForward,
  taken: TakenPorts,
  { error }: Findings,
): void {
  const port = `${forward.protocol}:${forward.hostPort}`;
  const address = boundAddress(forward);
  const holders = taken.get(port) ?? new Map<string, string>();
  taken.set(port, holders);
  const anyHolder = address === ANY_ADDRESS ? holders.values().next().value : undefined;
  const holder = holders.get(address) ?? holders.get(ANY_ADDRESS) ?? anyHolder;
  if (!holders.has(address)) holders.set(address, field);
  if (holder === undefined) return;
  error(
    path,
    'port-forwarded-twice',
    `${field} takes ${forward.protocol} port ${forward.hostPort} on ${address}, which ${holder} takes already.`,
    'Use another host port.',
  );
}
