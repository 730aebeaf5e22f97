/** The edges of the schema, one after the other: sizes, counts, formats, modes. */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { COMMA_LANE, type Lane, PLAIN_LANE } from '../lane.ts';
import { ARCHITECTURES, type Architecture, MOST_PSERIES_MB } from '../settings.ts';
import { card, type Disk, disk, type Serial, SLOTS, share, small, small2, times } from '../small_profile.ts';
import { consoleEdgeCases } from './console_edge_cases.ts';
import { driveEdgeCases } from './drive_edge_cases.ts';
import type { AcceptedCase } from './example_cases.ts';
import { fit } from './fit.ts';
import { fileNameCases, longestSockets, nameCases } from './name_cases.ts';
import { networkEdgeCases } from './network_edge_cases.ts';

/** In bytes, without the closing NUL. */
const LONGEST_ARGUMENT = 131071;

/** What is special about a profile, and the profile. */
export type Named = readonly [string, ProfileDocument];

const MOST_CORES: Readonly<Record<Architecture, number>> = {
  x86_64: 255,
  aarch64: 256,
  riscv64: 256,
  ppc64le: 256,
};

export function edgeCases(lanes: readonly Lane[]): AcceptedCase[] {
  const inLane =
    (lane: number) =>
    ([name, profile]: Named): AcceptedCase => ({
      name: `edge: ${profile.hardware.arch}, ${name}`,
      kind: 'edge',
      profile: fit(profile, lanes[lane] as Lane),
      lane,
    });
  return [
    ...ARCHITECTURES.flatMap((arch) => [...sizes(arch), ...counts(arch), ...serialModes(arch)]).map(
      inLane(COMMA_LANE),
    ),
    ...fullUsb().map(inLane(COMMA_LANE)),
    ...lastTimes().map(inLane(COMMA_LANE)),
    ...driveEdgeCases().map(inLane(COMMA_LANE)),
    ...consoleEdgeCases().map(inLane(COMMA_LANE)),
    ...networkEdgeCases().map(inLane(COMMA_LANE)),
    ...nameCases().map(inLane(COMMA_LANE)),
    ...longestSockets(lanes[COMMA_LANE] as Lane).map(inLane(COMMA_LANE)),
    // These have an initrd, which may have no comma in its path on a host that is not looked at.
    ...ARCHITECTURES.map(kernel).map(inLane(PLAIN_LANE)),
    ...ARCHITECTURES.map(initrdWithComma).map((named) => ({
      ...inLane(PLAIN_LANE)(named),
      isProbed: true as const,
    })),
    ...fileNameCases().map(inLane(PLAIN_LANE)),
  ];
}

function sizes(arch: Architecture): Named[] {
  const memory = (memory_mb: number, cpu?: string): Named => [
    `${memory_mb} MB${cpu === undefined ? '' : ` with ${cpu}`}`,
    small(arch, { hardware: { memory_mb, ...(cpu && { cpu }) } }),
  ];
  const most = {
    x86_64: [memory(1001472), memory(16777216, 'max,phys-bits=46'), memory(1099776, 'qemu64,phys_bits=46')],
    aarch64: [memory(16777216)],
    riscv64: [memory(16777216)],
    ppc64le: [memory(MOST_PSERIES_MB)],
  }[arch];
  return [
    [`${MOST_CORES[arch]} cores`, small(arch, { hardware: { cores: MOST_CORES[arch] } })],
    memory(256),
    ...(arch === 'ppc64le' ? [memory(768)] : [memory(257), memory(1023), memory(4097)]),
    ...most,
  ];
}

function counts(arch: Architecture): Named[] {
  const slots = SLOTS[arch];
  const third = Math.floor(slots / 3);
  const formats = ['qcow2', 'raw', 'vdi', 'vmdk'] as const;
  const everyFormat = times(16, (index) =>
    disk(index, { format: formats[index % 4] as Disk['format'], readonly: index % 8 > 3, boot: index === 9 }),
  );
  const kernelOnly = { kernel: { enabled: true, bzimage: 'b/k' } };
  return [
    [`${slots} disks`, small(arch, { storage: { disks: times(slots, (index) => disk(index)) } })],
    [
      `${slots} disks, the last one boots`,
      small(arch, {
        storage: { disks: times(slots, (index) => disk(index, { boot: index === slots - 1 })) },
      }),
    ],
    [
      `${slots} shares`,
      small(arch, { storage: { disks: times(slots, (index) => share(index)) }, ...kernelOnly }),
    ],
    [
      `${slots} cards`,
      small(arch, {
        storage: { disks: [] },
        network: { interfaces: [card(99, { type: 'none' }), ...times(slots, (index) => card(index))] },
        ...kernelOnly,
      }),
    ],
    [
      `${slots} devices of three kinds`,
      small(arch, {
        storage: {
          disks: times(slots - third, (index) =>
            index % 2 === 0 ? disk(index) : share(index, { readonly: true }),
          ),
        },
        network: { interfaces: times(third, (index) => card(index)) },
      }),
    ],
    ['every format, read-only or not, the tenth boots', small(arch, { storage: { disks: everyFormat } })],
    ['nothing but a kernel', { ...small(arch, kernelOnly), storage: { disks: [] } }],
    [
      'tap, bridge, user and none',
      small(arch, {
        network: {
          interfaces: [
            card(0, { type: 'tap', name: 'a-tap_name-of15' }),
            card(1, { type: 'none' }),
            card(2, { type: 'bridge' }),
            card(3, { mac: '52:54:00:12:34:57' }),
            card(4),
            card(5, { type: 'tap', mac: '02:00:00:00:00:05' }),
            card(6),
          ],
        },
      }),
    ],
    [
      'forwards of every form',
      small(arch, {
        network: {
          interfaces: [
            card(0, {
              hostfwd: [
                'tcp::1-:65535',
                'udp::1-:65535',
                'tcp:127.0.0.1:2-10.0.2.16:1',
                'udp:127.255.255.254:65535-:9',
              ],
            }),
            card(1, {
              hostfwd: ['tcp:127.0.0.2:2-:22', 'tcp:0.0.0.0:3-0.0.0.0:4', 'udp:192.0.2.1:9-192.0.2.7:9'],
            }),
            card(2, { hostfwd: times(600, (index) => `tcp:127.0.0.1:${3000 + index}-:${index + 1}`) }),
          ],
        },
      }),
    ],
  ];
}

function serialModes(arch: Architecture): Named[] {
  const modes: Serial[] = [
    { enabled: true },
    { enabled: true, mode: 'none' },
    { enabled: true, mode: 'file', logfile: 'l/serial.log', device: 'l/other' },
    { enabled: true, mode: 'file', device: 'l/serial' },
    { enabled: true, mode: 'socket' },
    { enabled: true, mode: 'socket', device: 'r/s.sock', logfile: 'l/ignored' },
    { enabled: false, mode: 'file', device: 'l/serial' },
  ];
  return modes.flatMap((serial): Named[] => {
    const text = `serial ${JSON.stringify(serial)}`;
    return [
      [text, small(arch, { serial })],
      [`${text} and QMP`, small(arch, { serial, qmp: {} })],
    ];
  });
}

/** The last times that clocks show as they are asked for. */
function lastTimes(): Named[] {
  const at = (arch: Architecture, base: string, clock: 'host' | 'vm'): Named => [
    `the time ${base} with clock = "${clock}"`,
    small2(arch, { rtc: { base, clock } }),
  ];
  return ARCHITECTURES.flatMap((arch) =>
    arch === 'aarch64'
      ? [at(arch, '2105-12-31T23:00:00', 'host')]
      : [at(arch, '2090-12-31T23:00:00', 'host'), at(arch, '2261-12-31T23:00:00', 'vm')],
  );
}

/** As many devices as the controller has places for, of which each kind is the last. */
function fullUsb(): Named[] {
  const disks = times(7, (index) => disk(index, { bus: 'usb' }));
  const plugged = (count: number) => times(count, (index) => ({ bus: 1, port: String(index + 1) }));
  return [
    ['USB full, a tablet last', small2('x86_64', { storage: { disks }, input: { type: 'usb' } })],
    ['USB full, devices of the host last', small2('aarch64', { usb: plugged(6), input: { type: 'usb' } })],
    [
      'USB full, what viewers bring last',
      small2('x86_64', {
        storage: { disks: disks.slice(0, 4) },
        display: { mode: 'spice', socket: 'r/s', usb_redirection: 4 },
        input: { type: 'none' },
      }),
    ],
  ];
}

/** Everything that a kernel command line may hold, in the longest argument that Linux hands to a process. */
function kernel(arch: Architecture): Named {
  const text = `-x console=ttyS0,115200n8 root=/dev/vda "a b" 'c' \\ $x \`y\` % # ü 🐧 `;
  const append = text + 'y'.repeat(LONGEST_ARGUMENT - Buffer.byteLength(text));
  const section = { enabled: true, bzimage: 'b/vmlinuz,6.1=a b', initrd: 'b/initrd = b.img', append };
  return ['kernel, initrd and the longest command line', small(arch, { kernel: section })];
}

/** No kernel of this suite but the multiboot one is read a list of initrds for. */
function initrdWithComma(arch: Architecture): Named {
  const section = { enabled: true, bzimage: 'b/k', initrd: 'b/initrd,1.img', append: '' };
  return ['an initrd with a comma', small(arch, { kernel: section })];
}
