/** Rules about serial ports, consoles, channels and small devices. */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import type { Architecture } from '../settings.ts';
import { small2, times } from '../small_profile.ts';
import { type Expectation, type Outcome, type RefusedCase, replaced, withValue } from './refused_case.ts';

type Sections = Parameters<typeof small2>[1];
const STDIO = { refuses: /cannot use stdio by multiple character devices/ };
const HAS_NO_VSOCK = { refuses: /guest-cid property must be/ };

interface Wrong {
  readonly rule: string;
  readonly name: string;
  readonly arch?: Architecture;
  readonly near: Sections;
  readonly bad: Sections;
  readonly edit: RefusedCase['edit'];
  readonly expect: Expectation;
  readonly newer?: Expectation;
}

function wrong({ arch = 'x86_64', near, bad, ...others }: Wrong): RefusedCase {
  return { ...others, near: small2(arch, near), bad: small2(arch, bad) };
}

export function refusedConsoles(): RefusedCase[] {
  return [...ports(), ...terminals(), ...channels(), ...devices()].map(wrong);
}

/** How many of the ports that argv asks for no device has. */
function lostPorts(asked: number, device: string) {
  return async (outcome: Outcome): Promise<string | null> => {
    if (!outcome.isRunning) return null;
    const tree = await outcome.qmp.human('info qtree');
    const made = [...tree.matchAll(/dev: ([a-z0-9-]+)/g)].filter(([, type]) => type === device).length;
    return made < asked ? `of ${asked} ports there are ${made}` : null;
  };
}

function ports(): Wrong[] {
  const further = (count: number): Sections => ({
    serial: {
      enabled: true,
      mode: 'pty',
      ports: times(count, (index) => ({ name: `p${index}`, mode: 'none' as const })),
    },
  });
  const more = (argv: readonly string[]): string[] => [...argv, '-serial', 'null'];
  const rule = 'serial-ports-over-machine';
  return [
    {
      rule,
      name: 'a fifth serial port',
      near: further(3),
      bad: further(4),
      edit: more,
      expect: { harms: lostPorts(5, 'isa-serial') },
    },
    {
      rule,
      name: 'a second serial port of aarch64',
      arch: 'aarch64',
      near: further(0),
      bad: further(1),
      edit: more,
      expect: { harms: lostPorts(2, 'pl011') },
      newer: { accepts: 'QEMU 10 has two, and 7.2 drops the second without a word' },
    },
    {
      rule,
      name: 'a second serial port of riscv64',
      arch: 'riscv64',
      near: further(0),
      bad: further(1),
      edit: more,
      expect: { harms: lostPorts(2, 'serial-mm') },
    },
    {
      rule: 'serial-ports-without-first',
      name: 'a further port of ppc64le without a first',
      arch: 'ppc64le',
      near: further(1),
      bad: { serial: { ...further(1)?.serial, enabled: true, mode: 'none' } },
      edit: (argv) => withValue(argv, '-serial', 'none'),
      expect: { harms: lostPorts(1, 'spapr-vty') },
    },
    ...(
      [
        ['fe80::1', { refuses: /Invalid argument/ }],
        ['ff02::1', { refuses: /Invalid argument/ }],
        ['224.0.0.1', { accepts: 'QEMU listens, and no system lets anybody connect to such an address' }],
      ] as const
    ).map(([address, expect]) => ({
      rule: 'address-unreachable',
      name: `a console on ${address}`,
      near: { consoles: [{ name: 'a', mode: 'tcp' as const, port: 24500, address: '::1' }] },
      bad: { consoles: [{ name: 'a', mode: 'tcp' as const, port: 24500, address }] },
      edit: (argv: readonly string[]) => replaced(argv, 'host=::1', `host=${address}`),
      expect,
    })),
    {
      rule: 'port-forwarded-twice',
      name: 'two consoles on one port',
      near: {
        consoles: [
          { name: 'a', mode: 'tcp', port: 24500 },
          { name: 'b', mode: 'tcp', port: 24501 },
        ],
      },
      bad: {
        consoles: [
          { name: 'a', mode: 'tcp', port: 24500 },
          { name: 'b', mode: 'tcp', port: 24500 },
        ],
      },
      edit: (argv) => replaced(argv, '24501', '24500'),
      expect: { refuses: /Address already in use/ },
    },
    {
      rule: 'port-forwarded-twice',
      name: 'a console on every address of both kinds, and one on an address of IPv4 after it',
      near: {
        consoles: [
          { name: 'a', mode: 'tcp', port: 24500, address: '::' },
          { name: 'b', mode: 'tcp', port: 24501 },
        ],
      },
      bad: {
        consoles: [
          { name: 'a', mode: 'tcp', port: 24500, address: '::' },
          { name: 'b', mode: 'tcp', port: 24500 },
        ],
      },
      edit: (argv) => replaced(argv, '24501', '24500'),
      expect: { refuses: /Address already in use/ },
    },
  ];
}

/** The suite itself has the one terminal of QEMU. */
function terminals(): Wrong[] {
  const console = (mode: 'pty' | 'stdio') => ({ consoles: [{ name: 'a', mode }] });
  return [
    {
      rule: 'stdio-twice',
      name: 'a serial port and a console on the terminal',
      near: { serial: { enabled: true, mode: 'stdio' }, ...console('pty') },
      bad: { serial: { enabled: true, mode: 'stdio' }, ...console('stdio') },
      edit: (argv) => replaced(argv, 'pty,id=', 'stdio,id='),
      expect: STDIO,
    },
    {
      rule: 'daemonize-with-stdio',
      name: 'a terminal in the background',
      near: { process: { daemonize: true }, ...console('pty') },
      bad: { process: { daemonize: true }, ...console('stdio') },
      edit: (argv) => replaced(argv, 'pty,id=', 'stdio,id='),
      expect: { refuses: /cannot use stdio with -daemonize|multiple character devices/ },
    },
  ];
}

function channels(): Wrong[] {
  const named = (name: string): NonNullable<ProfileDocument['channels']> => [
    { name: 'a', socket: 'r/a' },
    { name, socket: 'r/b' },
  ];
  const many = (count: number): Sections => ({
    consoles: times(count, (index) => ({ name: `c${index}`, mode: 'none' as const })),
  });
  return [
    {
      rule: 'duplicate-name',
      name: 'two channels of one name',
      near: { channels: named('b') },
      bad: { channels: named('a') },
      edit: (argv) => replaced(argv, '"name":"b"', '"name":"a"'),
      expect: { refuses: /A port already exists by name/ },
    },
    {
      rule: 'console-ports-over-controller',
      name: '32 consoles',
      near: many(31),
      bad: many(32),
      edit: (argv) => [
        ...argv,
        '-chardev',
        'null,id=more',
        '-device',
        '{"bus":"vser0.0","chardev":"more","driver":"virtconsole","id":"more"}',
      ],
      expect: { refuses: /Out-of-range port id/ },
    },
    {
      rule: 'console-ports-over-controller',
      name: '31 channels',
      near: { channels: times(30, (index) => ({ name: `c${index}`, socket: `r/${index}` })) },
      bad: { channels: times(31, (index) => ({ name: `c${index}`, socket: `r/${index}` })) },
      edit: (argv) => [
        ...argv,
        '-chardev',
        'null,id=more',
        '-device',
        '{"bus":"vser0.0","chardev":"more","driver":"virtserialport","id":"more","name":"more"}',
      ],
      expect: { refuses: /Out-of-range port id/ },
    },
  ];
}

function devices(): Wrong[] {
  const cid = (name: string, vsock_cid: number, value: string, expect: Expectation): Wrong => ({
    rule: 'out-of-range',
    name,
    near: { devices: { vsock_cid: 3 } },
    bad: { devices: { vsock_cid } },
    edit: (argv) => replaced(argv, '"guest-cid":3', `"guest-cid":${value}`),
    expect,
  });
  return [
    cid('the vsock number of the host', 2, '2', HAS_NO_VSOCK),
    cid('a vsock number of more than 32 bits', 4294967296, '4294967296', HAS_NO_VSOCK),
    {
      rule: 'not-for-arch',
      name: 'a panic device of ppc64le',
      arch: 'ppc64le',
      near: { devices: { rng: true } },
      bad: { devices: { rng: true, panic: true } },
      edit: (argv) => [...argv, '-device', '{"driver":"pvpanic-pci","id":"panic0"}'],
      expect: {
        accepts: 'its guests report a panic by calls of the hypervisor, and have no use for the device',
      },
    },
    {
      rule: 'not-allowed',
      name: 'an action that no watchdog has',
      near: { devices: { watchdog: 'pause' } },
      bad: { devices: { watchdog: 'restart' as 'pause' } },
      edit: (argv) => replaced(argv, 'watchdog=pause', 'watchdog=restart'),
      expect: { refuses: /restart/ },
    },
    {
      rule: 'free-page-reporting-needs-balloon',
      name: 'pages reported without a balloon',
      near: { devices: { rng: true } },
      bad: { devices: { rng: true, free_page_reporting: true } },
      edit: (argv) => [...argv],
      expect: { accepts: 'nothing of it would be in argv; the guest could report nothing' },
    },
  ];
}
