/** `socket` interfaces: a unix socket links two VMs of one host, one that listens and one that connects. */
import type { HostFacts } from '../facts/host_facts.ts';
import { absolutePath, namedPath } from '../needs/named_path.ts';
import type { Need } from '../needs/need.ts';
import { optionValue } from '../qemu/escape.ts';
import { interfacesOfType, type Placed } from './network_keys.ts';
import type { Issues } from './profile.ts';
import type { Topic } from './topic.ts';

export const link: Topic = {
  checkProfile: (draft, issues) => {
    for (const placed of interfacesOfType(draft, 'socket')) {
      requiredRule(placed, 'socket_path', 'socket_path = "run/link.sock"', issues);
      requiredRule(placed, 'socket_role', 'socket_role = "listen", and "connect" in the other VM', issues);
    }
  },
  needs: (draft, facts) =>
    interfacesOfType(draft, 'socket').flatMap(({ one, at }): Need[] => {
      const { socket_path, socket_role } = one;
      if (socket_path === undefined || socket_role === undefined) return [];
      const named = namedPath(facts, [...at, 'socket_path'], socket_path);
      return [
        { kind: 'link', at: [...at, 'type'] },
        socket_role === 'listen'
          ? { kind: 'socket', ...named, of: 'link', mayBeInTmp: false }
          : { kind: 'peer-socket', ...named },
      ];
    }),
};

function requiredRule(
  { at, one }: Placed,
  key: 'socket_path' | 'socket_role',
  example: string,
  { error, isRefused }: Issues,
): void {
  if (one[key] !== undefined || isRefused([...at, key])) return;
  error(
    [...at, key],
    'missing-field',
    (field) => `${field} is required on the type "socket" and is not there.`,
    `Add ${example}.`,
  );
}

/** A stream of frames over a unix socket, on which QEMU is one of the two sides. */
export function streamNetdev(
  name: string | undefined,
  role: 'listen' | 'connect',
  socket: string,
  facts: HostFacts,
): string {
  const server = role === 'listen' ? 'on' : 'off';
  return `stream,id=${name},server=${server},addr.type=unix,addr.path=${optionValue(absolutePath(facts, socket))}`;
}
