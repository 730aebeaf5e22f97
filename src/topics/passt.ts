/** `passt` interfaces: the program passt, which a step of the plan starts before QEMU, is the network. */
import { absolutePath, namedPath } from '../needs/named_path.ts';
import type { Need } from '../needs/need.ts';
import { show } from '../profile/show.ts';
import { defaultSocket } from './default_socket.ts';
import { helperNeed } from './helper.ts';
import { boundAddress, parseHostForward } from './host_forward.ts';
import { type Interface, interfacesOfType } from './network_keys.ts';
import { checkOnlyFor } from './only_for.ts';
import type { DraftInterface } from './profile.ts';
import type { Topic } from './topic.ts';

export function defaultPasstSocket(vmName: string | undefined, name: string | undefined): string | undefined {
  return defaultSocket(vmName, name, 'passt');
}

export const passt: Topic = {
  /** A socket that is the default is as good as none. */
  complete: (draft) => {
    for (const { one } of interfacesOfType(draft, 'passt')) {
      if (one.socket_path === defaultPasstSocket(draft.vm.name, one.name)) one.socket_path = undefined;
    }
  },
  checkOnHost: (draft, { facts: { os } }, issues) => {
    for (const { at } of interfacesOfType(draft, 'passt'))
      checkOnlyFor(
        [...at, 'type'],
        show('passt'),
        [{ on: 'os', is: os, allowed: ['linux'], instead: 'Write type = "user".' }],
        issues,
      );
  },
  needs: (draft, facts) =>
    interfacesOfType(draft, 'passt').flatMap(({ one, at }): Need[] => {
      const program = helperNeed('passt', [...at, 'type']);
      const socket = passtSocket(draft.vm.name, one);
      if (socket === undefined) return [program];
      const named = namedPath(facts, [...at, 'socket_path'], socket);
      return [program, { kind: 'socket', ...named, of: 'passt', mayBeInTmp: false, listener: 'passt' }];
    }),
  helpers: ({ vm, network: { interfaces } }, { facts }) =>
    interfaces
      .filter(({ type }) => type === 'passt')
      .map((one) => {
        const socket = absolutePath(facts, passtSocket(vm.name, one) as string);
        return {
          program: 'passt',
          name: one.name,
          options: ['--foreground', '--one-off', '--socket', socket, ...forwardOptions(one)],
          socket,
          title: `Start passt, the network of ${one.name}`,
        };
      }),
};

/** Ports of tcp first. An address is always there: without one passt listens on those of IPv6 too. */
function forwardOptions({ hostfwd }: Interface): string[] {
  const forwards = hostfwd.map(parseHostForward);
  return (['tcp', 'udp'] as const).flatMap((protocol) =>
    forwards
      .filter((forward) => forward.protocol === protocol)
      .flatMap((forward) => [
        protocol === 'tcp' ? '-t' : '-u',
        `${boundAddress(forward)}/${forward.hostPort}:${forward.guestPort}`,
      ]),
  );
}

export function passtSocket(
  vmName: string | undefined,
  { name, socket_path }: DraftInterface,
): string | undefined {
  return socket_path ?? defaultPasstSocket(vmName, name);
}
