/** Faults in the network of version 2. */
import { replaced, unchanged } from '../refused/refused_case.ts';
import { small2 } from '../small_profile.ts';
import type { Canary } from './canaries.ts';

const PROFILE = small2('x86_64', {
  vm: { name: 'canary' },
  hardware: { cores: 4 },
  network: {
    interfaces: [
      {
        name: 'a',
        type: 'user',
        model: 'e1000',
        subnet: '10.5.0.0/24',
        hostfwd: ['tcp:127.0.0.1:24000-:22'],
      },
      { name: 'b', type: 'tap', ifname: 'tap7', queues: 2, mtu: 1400, pxe: false },
      { name: 'c', type: 'isolated' },
      { name: 'd', type: 'socket', socket_path: 'r/d', socket_role: 'listen' },
      { name: 'e', type: 'bridge', bridge: 'lan' },
      { name: 'f', type: 'passt', hostfwd: ['tcp:127.0.0.1:24001-:22', 'udp::24002-:53'] },
      { name: 'g', type: 'isolated' },
    ],
  },
});

export function networkCanaries(): Canary[] {
  const of = (name: string, field: Canary['field'], from: string, to: string): Canary => ({
    name,
    field,
    profile: PROFILE,
    edit: (argv) => replaced(argv, from, to),
  });
  return [
    of('another model', 'network cards', 'e1000,netdev', 'e1000e,netdev'),
    of('another subnet', 'network cards', 'net=10.5.0.0/24', 'net=10.6.0.0/24'),
    of('a guest elsewhere', 'forwards', 'net=10.5.0.0/24', 'net=10.5.0.0/24,dhcpstart=10.5.0.9'),
    of('a network cut off', 'network cards', 'net=10.5.0.0/24', 'net=10.5.0.0/24,restrict=on'),
    of('queues that the card does not use', 'card options', ',mq=on,vectors=6', ''),
    of('too few interrupts', 'card options', 'vectors=6', 'vectors=5'),
    of('no MTU', 'card options', ',host_mtu=1400', ''),
    of('a ROM', 'card options', ',romfile=', ''),
    of('one hub for two cards', 'network cards', 'hubid=2', 'hubid=1'),
    of('the other side of a link', 'open ports', 'server=on', 'server=off'),
    of('a card with no number', 'network cards', ',mac=52:54:00', ',mac=52:54:01'),
    of('another passt', 'passt', '.f.passt.sock', '.g.passt.sock'),
    {
      ...of('a passt that listens on all addresses', 'passt', '', ''),
      edit: unchanged,
      editHelper: (argv) => argv.map((element) => element.replace('127.0.0.1/24001', '0.0.0.0/24001')),
    },
  ];
}
