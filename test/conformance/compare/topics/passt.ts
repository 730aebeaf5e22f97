/** Interfaces of the type `passt`: QEMU is connected to a passt that listens where the profile says, and nowhere else. */
import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { openThings } from '../../qemu/proc.ts';
import type { Asked, Topic } from './topic.ts';

interface Card {
  readonly name: string;
  readonly socket: string;
  readonly ports: readonly string[];
}

function cardsOf({ profile: { vm, network }, place }: Asked): Card[] {
  return (network?.interfaces ?? []).flatMap(({ name, type, socket_path, hostfwd = [] }) => {
    if (type !== 'passt') return [];
    const socket = place(socket_path ?? `run/${vm.name}.${name}.passt.sock`);
    return [{ name, socket, ports: hostfwd.map(portOf) }];
  });
}

/** `udp::5353-:53` is `port:udp:0.0.0.0:5353`. */
export function portOf(rule: string): string {
  const [, protocol, address, port] = /^(\w+):(.*):(\d+)-/.exec(rule) ?? [];
  return `port:${protocol}:${address || '0.0.0.0'}:${port}`;
}

const LINKED = /type=stream,(?:unix:|fd=|connected)/;

export const passt: Topic = {
  make: (asked) => {
    for (const { socket } of cardsOf(asked)) {
      mkdirSync(dirname(socket), { recursive: true });
      // passt of root is nobody, who makes its socket.
      chmodSync(dirname(socket), 0o777);
    }
  },
  means,
  seen: async ({ qmp, helpers, hasPasst }, asked) => {
    if (!hasPasst) return means(asked);
    const networks = (await qmp.human('info network')).split('\n');
    const seen = cardsOf(asked).map(({ name, socket }) => {
      const pid = helpers.get(socket);
      const isLinked = networks.some((line) => line.includes(`${name}:`) && LINKED.test(line));
      return { name, isLinked, listens: pid === undefined ? [] : openThings(pid).listeners };
    });
    return { passt: seen };
  },
};

function means(asked: Asked): { readonly passt: unknown } {
  return {
    passt: cardsOf(asked).map(({ name, socket, ports }) => ({
      name,
      isLinked: true,
      listens: [...ports, `socket:unix:${socket}`].sort(),
    })),
  };
}
