/**
 * A network of its own for each QEMU: every address and port is free, tap devices and `br0` are there, and nothing of
 * it reaches this machine. Linux namespaces, made by unshare(1); they end with QEMU.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Intent } from '../compare/intent.ts';
import { LOGS } from '../settings.ts';

export interface HostNetwork {
  readonly taps: readonly string[];
  /** Taps that were made for many queues. */
  readonly wideTaps?: readonly string[];
  readonly bridges: readonly string[];
  /** Whether an interface seems to lead to other hosts. */
  readonly hasWayOut?: boolean;
}

export const NO_NETWORK: HostNetwork = { taps: [], bridges: [] };

/** The tap devices and the bridges that a machine wants. */
export function networkFor({ cards }: Intent): HostNetwork {
  return {
    taps: cards.flatMap(({ tap, queues }) => (tap !== null && queues === 1 ? [tap] : [])),
    wideTaps: cards.flatMap(({ tap, queues }) => (tap !== null && queues > 1 ? [tap] : [])),
    bridges: [...new Set(cards.flatMap(({ bridge }) => bridge ?? []))],
  };
}

/** Linux ends QEMU when the suite is ended by force. */
const ENDS_WITH_PARENT = ['--pdeathsig', 'KILL'];

const SETUP = [
  'ip link set lo up',
  // Any address is one of this host, so that every hostfwd can be bound.
  'ip -4 route add local default dev lo',
  'echo 1 > /proc/sys/net/ipv4/ip_nonlocal_bind',
];

/** It leads nowhere. */
export const WAY_OUT = [
  'ip link add out type bridge',
  'ip addr add 192.0.2.9/24 dev out',
  'ip link set out up',
  'ip route add default via 192.0.2.1',
];

export class Sandbox {
  /** The options of unshare(1) for a network and mounts of their own. */
  readonly namespaces: readonly string[];
  /** Whether networks of their own can be had; without them only loopback forwards are tried, one QEMU at a time. */
  readonly isPrivate: boolean;
  /** Whether tap devices and bridges can be had in them. */
  readonly hasDevices: boolean;
  /** Stands in for /etc, where QEMU's bridge helper looks for the bridges that users may join. */
  readonly #etc = join(LOGS, 'etc');

  constructor() {
    mkdirSync(join(this.#etc, 'qemu'), { recursive: true });
    writeFileSync(join(this.#etc, 'qemu/bridge.conf'), 'allow all\n');
    if (existsSync('/etc/ld.so.cache')) copyFileSync('/etc/ld.so.cache', join(this.#etc, 'ld.so.cache'));
    const isRoot = process.getuid?.() === 0;
    this.namespaces = [...(isRoot ? [] : ['--map-root-user']), '--net', '--mount'];
    this.isPrivate = this.#works(NO_NETWORK);
    this.hasDevices = this.#works({ taps: ['tap0'], bridges: ['br0'] });
  }

  #works(network: HostNetwork): boolean {
    const [program, ...args] = this.#inNamespaces(['true'], network);
    return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
  }

  /** The command that runs `argv`, as the process that is started itself. */
  command(argv: readonly string[], network: HostNetwork): [string, ...string[]] {
    return this.isPrivate ? this.#inNamespaces(argv, network) : ['setpriv', ...ENDS_WITH_PARENT, ...argv];
  }

  #inNamespaces(
    argv: readonly string[],
    { taps, wideTaps = [], bridges, hasWayOut = false }: HostNetwork,
  ): [string, ...string[]] {
    const setup = [
      ...SETUP,
      ...(hasWayOut ? WAY_OUT : []),
      ...taps.map((name) => `ip tuntap add dev ${name} mode tap`),
      ...wideTaps.map((name) => `ip tuntap add dev ${name} mode tap multi_queue`),
      ...bridges.map((name) => `ip link add name ${name} type bridge`),
      ...(bridges.length === 0 ? [] : [`mount --bind ${quoted(this.#etc)} /etc`]),
      `exec setpriv ${ENDS_WITH_PARENT.join(' ')} "$@"`,
    ];
    return ['unshare', ...this.namespaces, 'sh', '-e', '-c', setup.join('\n'), 'sh', ...argv];
  }
}

/** For a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
