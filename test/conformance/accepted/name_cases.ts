/** Names at the edge of what is allowed, of machines, devices, files and sockets. */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import type { Lane } from '../lane.ts';
import { ARCHITECTURES, type Architecture } from '../settings.ts';
import { card, disk, ROOT_DISK, share, small, times } from '../small_profile.ts';
import { everywhereInVersion2 } from './drive_edge_cases.ts';
import type { Named } from './edge_cases.ts';

export function nameCases(): Named[] {
  const longest = `a${'-_9Z'.repeat(7)}b-`;
  return [
    ...['help', '0', '_', 'a'.repeat(64), 'on', 'process'].map(
      (name): Named => [`vm.name ${name}`, small('x86_64', { vm: { name } })],
    ),
    [
      'names of 31 characters',
      small('x86_64', {
        storage: {
          disks: [
            ROOT_DISK,
            disk(0, { name: longest, boot: true }),
            share(1, { name: `s${longest.slice(1)}` }),
          ],
        },
        network: { interfaces: [card(0, { name: longest })] },
      }),
    ],
    [
      'names that mean something elsewhere',
      small('x86_64', {
        storage: {
          disks: [
            ROOT_DISK,
            disk(0, { name: 'virtio0', boot: true }),
            share(1, { name: 'serial0' }),
            disk(2, { name: 'help' }),
          ],
        },
        network: {
          interfaces: [card(0, { name: 'help' }), card(1, { name: 'root' }), card(2, { name: 'lo' })],
        },
      }),
    ],
    [
      'x86_64 features in four forms',
      small('x86_64', { hardware: { cpu: 'max,+avx2,-sse4a,rdtscp,phys-bits=46' } }),
    ],
    ['aarch64 features', small('aarch64', { hardware: { cpu: 'max,sve=off,pauth=off', cores: 200 } })],
    ['riscv64 features', small('riscv64', { hardware: { cpu: 'rv64,v=true,c=false' } })],
    ['ppc64le model', small('ppc64le', { hardware: { cpu: 'POWER8', cores: 9 } })],
    [
      'one image thrice, read-only',
      small('x86_64', {
        storage: { disks: times(3, (index) => disk(index, { path: 'i/one', readonly: true })) },
      }),
    ],
    [
      'one share twice, and the project root',
      small('x86_64', {
        storage: {
          disks: [ROOT_DISK, share(0, { path: 's' }), share(1, { path: 's' }), share(2, { path: '.' })],
        },
      }),
    ],
  ];
}

/** One name in every place, for each name; the architectures take turns. */
export function fileNameCases(): Named[] {
  return FILE_NAMES.flatMap((name, index): Named[] => {
    const arch = ARCHITECTURES[index % ARCHITECTURES.length] as Architecture;
    const text = `file name ${JSON.stringify(name)}`;
    return [
      [text, everywhere(name, arch)],
      [`${text} in version 2`, everywhereInVersion2(name, arch)],
    ];
  });
}

const FILE_NAMES = [
  'a,b',
  'a,,b',
  ',',
  'a=b',
  '=',
  'a,b=c',
  'a=b,c',
  'x,snapshot=on',
  'x,readonly=off',
  'x,if=none',
  'x,format=qcow2',
  'nbd:1',
  'json:{}',
  'fat:rw:x',
  'a b',
  ' x ',
  'a"b',
  "a'b",
  'a\\b',
  '#%;&|<>(){}[]*?!@^+',
  'Größe-日本語-🐧',
  'e\u0301',
  'x,server=off',
  'x,wait=on',
  'x,path=y',
  'unix:x',
  '-x',
  '--',
  'x.qcow2',
  'x,',
  'x,logfile=y',
];

/** One name in every place that a file can be named. */
function everywhere(name: string, arch: Architecture): ProfileDocument {
  return small(arch, {
    storage: {
      disks: [
        { name: 'a', path: `i/${name}`, format: 'qcow2' },
        { name: 'b', path: `j/${name}`, format: 'raw', readonly: true, boot: name.length % 2 === 0 },
        { name: 'c', path: `s/${name}`, format: 'host-path' },
      ],
    },
    serial:
      name.length % 3 === 0
        ? { enabled: true, mode: 'file', logfile: `l/${name}` }
        : { enabled: true, mode: 'socket', device: `t/${name}` },
    qmp: { socket: `r/${name}` },
    kernel: {
      enabled: true,
      bzimage: `b/${name}`,
      initrd: `c/${name.replaceAll(',', '.')}`,
      append: `console=ttyS0 ${name}`,
    },
  });
}

/** A socket of exactly 107 bytes is the longest. */
export function longestSockets({ root }: Lane): Named[] {
  const room = 107 - Buffer.byteLength(root) - '/r/'.length;
  if (room < 1) throw new Error(`The path of this checkout is too long: no unix socket has room in ${root}.`);
  const name = 'q'.repeat(room);
  return [
    ['QMP socket of 107 bytes', small('x86_64', { qmp: { socket: `r/${name}` } })],
    [
      'serial socket of 107 bytes',
      small('x86_64', { serial: { enabled: true, mode: 'socket', device: `r/${name}` } }),
    ],
  ];
}
