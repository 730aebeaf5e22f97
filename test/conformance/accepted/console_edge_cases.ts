/** Serial ports, consoles, channels and small devices of every machine: each mode, and as many as there can be. */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import type { Architecture } from '../settings.ts';
import { card, small2, times } from '../small_profile.ts';
import type { Named } from './edge_cases.ts';

const MACHINES: readonly (readonly [Architecture, string])[] = [
  ['x86_64', 'q35'],
  ['x86_64', 'pc'],
  ['aarch64', 'virt'],
  ['riscv64', 'virt'],
  ['ppc64le', 'pseries'],
];

export function consoleEdgeCases(): Named[] {
  return MACHINES.flatMap(([arch, type]): Named[] => [
    [`${type}, serial ports, consoles and channels of every mode`, everyMode(arch, type)],
    [`${type}, small devices`, smallDevices(arch, type)],
    [`${type}, 31 consoles`, manyConsoles(arch, type)],
    [`${type}, 29 channels and the agent`, manyChannels(arch, type)],
  ]);
}

function everyMode(arch: Architecture, type: string): ProfileDocument {
  const ends = [
    { name: 'a', mode: 'pty' },
    { name: 'b', mode: 'file', logfile: 'l/b,=.log' },
    { name: 'c', mode: 'file', device: 'l/c', append: true },
    { name: 'd', mode: 'socket' },
    { name: 'e', mode: 'socket', device: 'r/,e=' },
    { name: 'f', mode: 'tcp', port: 1 },
    { name: 'g', mode: 'tcp', port: 1, address: '::1', telnet: true },
    { name: 'h', mode: 'none' },
  ] as const;
  const [pty, , kept, socket, , tcp, , none] = ends;
  const further = arch === 'x86_64' ? [kept, socket, none] : [pty, none, tcp];
  const hasPorts = arch === 'x86_64' || arch === 'ppc64le';
  return small2(arch, {
    machine: { type },
    serial: {
      enabled: true,
      mode: hasPorts ? 'tcp' : 'file',
      ...(hasPorts ? { port: 1, address: '::1' } : { logfile: 'l/serial,log', append: true }),
      ...(hasPorts && { ports: further.map((end) => ({ ...end, name: `p${end.name}`, ...otherPath(end) })) }),
    },
    consoles: [...ends],
    channels: [{ name: 'org.example.0' }, { name: '0_b-c', socket: 'r/,x=' }],
    guest_agent: { enabled: true },
    qmp: { extra_sockets: ['r/q,2', 'r/q=3'] },
    monitor: { enabled: true },
  });
}

/** Two ends never have one file. */
function otherPath(end: object): object {
  return 'device' in end ? { device: 'l/port' } : {};
}

function smallDevices(arch: Architecture, type: string): ProfileDocument {
  return small2(arch, {
    machine: { type },
    network: { interfaces: [card(0), card(1)] },
    devices: {
      rng: true,
      balloon: true,
      free_page_reporting: type === 'q35' || arch === 'aarch64',
      ...(arch !== 'ppc64le' && { panic: true }),
      watchdog: 'poweroff',
    },
    monitor: { enabled: true, socket: 'r/m' },
  });
}

function manyConsoles(arch: Architecture, type: string): ProfileDocument {
  return small2(arch, {
    machine: { type },
    consoles: times(31, (index) => ({ name: `c${index}`, mode: 'none' as const })),
  });
}

function manyChannels(arch: Architecture, type: string): ProfileDocument {
  return small2(arch, {
    machine: { type },
    channels: times(29, (index) => ({ name: `c${index}`, socket: `r/${index}` })),
    guest_agent: { enabled: true, socket: 'r/a' },
  });
}
