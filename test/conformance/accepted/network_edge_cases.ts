/** Interfaces of version 2 at their edges: every model on every machine, every key, the largest and the smallest. */
import { ARCHITECTURES, type Architecture } from '../settings.ts';
import { card, type Interface, SLOTS, small2, times } from '../small_profile.ts';
import type { Named } from './edge_cases.ts';

const MODELS = ['virtio-net-pci', 'e1000e', 'e1000', 'rtl8139', 'vmxnet3', 'pcnet'] as const;

export function networkEdgeCases(): Named[] {
  return [
    ...ARCHITECTURES.flatMap((arch) => ofEachMachine(arch)),
    ...ofEachMachine('x86_64', 'pc'),
    named(
      'x86_64',
      'an MTU of 68, and one of 65535',
      card(0, { mtu: 68 }),
      card(1, { mtu: 65535, ...net(1) }),
    ),
    named(
      'x86_64',
      'subnets of 8 and of 27 bits',
      card(0, { subnet: '10.0.0.0/8', hostfwd: ['tcp:127.0.0.1:2201-:22'] }),
      card(1, { subnet: '192.168.1.224/27', hostfwd: ['tcp:127.0.0.1:2202-:22'] }),
      card(2, { subnet: '172.16.0.0/12', hostfwd: ['tcp:127.0.0.1:2203-:22', 'udp::2203-172.17.1.1:22'] }),
      card(3, { subnet: '11.1.2.0/23', host_address: '11.1.3.254', dns_address: '192.0.2.53' }),
    ),
    named(
      'x86_64',
      'everything that a network of QEMU’s can be told',
      card(0, {
        subnet: '10.5.0.0/24',
        host_address: '10.5.0.9',
        dns_address: '10.5.0.10',
        hostname: `${'a'.repeat(63)}.${'b'.repeat(63)}`,
        restrict: true,
        ipv6: false,
        tftp: 'tftp,a=b',
        bootfile: '!,=~'.repeat(31),
      }),
    ),
    named(
      'aarch64',
      'both sides of a link',
      link(0, 'listen', 'run/,=.sock'),
      link(1, 'connect', 'run/o.sock'),
    ),
    [
      '16 queues',
      small2('x86_64', {
        hardware: { cores: 16 },
        network: { interfaces: [card(0, { type: 'tap', queues: 16 }), card(1, { type: 'tap', queues: 2 })] },
      }),
    ],
  ];
}

function named(arch: Architecture, name: string, ...interfaces: Interface[]): Named {
  return [name, small2(arch, { network: { interfaces } })];
}

function net(index: number): Partial<Interface> {
  return { subnet: `10.9.${index}.0/24` };
}

function link(index: number, socket_role: 'listen' | 'connect', socket_path: string): Interface {
  return card(index, { type: 'socket', socket_path, socket_role });
}

function ofEachMachine(arch: Architecture, type?: 'pc'): Named[] {
  const machine = type === undefined ? {} : { machine: { type } };
  const on = type === undefined ? '' : ` on ${type}`;
  const all = MODELS.map((model, index) => card(index, { model, ...net(index) }));
  const bare = MODELS.map((model, index) => card(index, { model, pxe: false, type: 'isolated' }));
  return [
    [
      `every model${on}, booted from in turn`,
      small2(arch, {
        ...machine,
        storage: { disks: [] },
        boot: { order: all.map(({ name }) => name).reverse() },
        network: { interfaces: all },
      }),
    ],
    [`every model${on} without a ROM`, small2(arch, { ...machine, network: { interfaces: bare } })],
    [
      `as many cards as there are slots${on}`,
      small2(arch, {
        ...machine,
        storage: { disks: [] },
        network: { interfaces: times(SLOTS[arch], (index) => card(index, { type: 'isolated' })) },
      }),
    ],
    [
      `devices of the host${on}`,
      small2(arch, {
        ...machine,
        hardware: { cores: 4 },
        network: {
          interfaces: [
            card(0, { type: 'tap', ifname: 'tap.x-1', queues: 4 }),
            card(1, { type: 'tap', model: 'e1000' }),
            card(2, { type: 'bridge', bridge: 'lan_0.1-br', mtu: 1500 }),
            card(3, { type: 'bridge' }),
            card(4, { type: 'bridge', bridge: 'lan_0.1-br' }),
            card(5, { type: 'passt', socket_path: 'run/p,1=.sock' }),
          ],
        },
      }),
    ],
  ];
}
