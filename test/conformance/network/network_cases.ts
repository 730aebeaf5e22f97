/** Networks that are made for a case: what the doctor says there, and whether QEMU starts. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { intentOf } from '../compare/intent.ts';
import type { Lane } from '../lane.ts';
import { makeFiles } from '../make_files.ts';
import { LOGS } from '../settings.ts';
import { type Interface, ROOT_DISK, small, small2 } from '../small_profile.ts';

export interface NetworkCase {
  readonly name: string;
  /** Commands that make it. */
  readonly setup: readonly string[];
  /** The number of the user that looks, and starts QEMU. */
  readonly user: number;
  readonly card: Interface;
  readonly says: readonly string[];
  /** What QEMU says when it does not start; `null` where it does. */
  readonly refuses: RegExp | null;
}

export interface CheckedNetwork {
  readonly name: string;
  readonly isRight: boolean;
  readonly words: string;
}

const NOBODY = 65534;
const TAP: Interface = { name: 'tap0', type: 'tap' };
const WIDE: Interface = { ...TAP, queues: 2 };
const FOUND = 'info tap-found:tap0';
const IS_UP = 'ip link set tap0 up';
const IS_OPEN = ['mount -t tmpfs tmpfs /dev/net', 'mknod -m 666 /dev/net/tun c 10 200'];
const NO_FORWARD = /Could not set up host forwarding rule/;

function tapCase(
  name: string,
  options: string,
  says: readonly string[],
  refuses: RegExp | null,
  more: Partial<NetworkCase> = {},
): NetworkCase {
  const { setup = [IS_UP] } = more;
  const made = [`ip tuntap add dev tap0 mode ${options}`, ...setup];
  return { name, user: 0, card: TAP, says, refuses, ...more, setup: made };
}

const TAPS: readonly NetworkCase[] = [
  tapCase('a tap device for anybody', 'tap', [FOUND], null),
  tapCase('a tap device that is down', 'tap', ['info tap-down:tap0', FOUND], null, { setup: [] }),
  tapCase('a tun device', 'tun', ['error tap-not-a-tap:tap0'], /Invalid argument/),
  tapCase(
    'a tap device of many queues',
    'tap multi_queue',
    ['error tap-multi-queue:tap0'],
    /Invalid argument/,
  ),
  tapCase('a tap device of many queues, and many', 'tap multi_queue', [FOUND], null, { card: WIDE }),
  tapCase('a tap device of one queue, and many', 'tap', ['error tap-single-queue:tap0'], /Invalid argument/, {
    card: WIDE,
  }),
  tapCase(
    'a tap device that another QEMU has',
    'tap',
    [FOUND, 'warning tap-in-use:tap0'],
    /Device or resource busy/,
    {
      setup: [
        IS_UP,
        '"$1" -S -display none -nodefaults -netdev tap,id=n,ifname=tap0,script=no,downscript=no 2>/dev/null &',
        'until grep -q 1 /sys/class/net/tap0/carrier; do sleep 0.1; done',
      ],
    },
  ),
  tapCase(
    'a tap device of many queues that another QEMU has',
    'tap multi_queue',
    [FOUND, 'warning tap-in-use:tap0'],
    null,
    {
      card: WIDE,
      setup: [
        IS_UP,
        '"$1" -S -display none -nodefaults -netdev tap,id=n,ifname=tap0,queues=2,script=no,downscript=no 2>/dev/null &',
        'until grep -q 1 /sys/class/net/tap0/carrier; do sleep 0.1; done',
      ],
    },
  ),
  tapCase('a tap device for anybody, and nobody', 'tap', [FOUND], null, {
    user: NOBODY,
    setup: [IS_UP, ...IS_OPEN],
  }),
  tapCase('a tap device of this user', `tap user ${NOBODY}`, [FOUND], null, {
    user: NOBODY,
    setup: [IS_UP, ...IS_OPEN],
  }),
  tapCase('a tap device of this group', `tap group ${NOBODY}`, [FOUND], null, {
    user: NOBODY,
    setup: [IS_UP, ...IS_OPEN],
  }),
  tapCase('a tap device of another user', 'tap user 1', ['warning tap-not-permitted:tap0'], /not permitted/, {
    user: NOBODY,
    setup: [IS_UP, ...IS_OPEN],
  }),
  tapCase(
    'a tap device of this user in another group',
    `tap user ${NOBODY} group 1`,
    ['warning tap-not-permitted:tap0'],
    /not permitted/,
    { user: NOBODY, setup: [IS_UP, ...IS_OPEN] },
  ),
  tapCase('a tap device of another user, and root', 'tap user 1', [FOUND], null),
  tapCase(
    'no device that leads to taps',
    'tap',
    ['error tun-device-missing', FOUND],
    /could not open \/dev\/net\/tun: No such file/,
    { setup: [IS_UP, 'mount -t tmpfs tmpfs /dev/net'] },
  ),
  tapCase(
    'a device that leads to taps for root alone',
    'tap',
    [FOUND, 'warning tun-device-no-permission'],
    /could not open \/dev\/net\/tun: Permission denied/,
    { user: NOBODY, setup: [IS_UP, 'mount -t tmpfs tmpfs /dev/net', 'mknod -m 600 /dev/net/tun c 10 200'] },
  ),
  {
    name: 'a bridge in the place of a tap device',
    setup: ['ip link add tap0 type bridge'],
    user: 0,
    card: TAP,
    says: ['error tap-not-a-tap:tap0'],
    refuses: /Invalid argument/,
  },
  {
    name: 'no tap device, and nobody',
    setup: IS_OPEN,
    user: NOBODY,
    card: TAP,
    says: ['warning tap-missing:tap0'],
    refuses: /not permitted/,
  },
];

function portCase(
  name: string,
  rule: string,
  setup: readonly string[],
  says: readonly string[],
  refuses: RegExp | null,
  user = 0,
): NetworkCase {
  const place = rule.slice(0, rule.indexOf('-'));
  const card: Interface = { name: 'n', type: 'user', hostfwd: [rule] };
  return { name, setup, user, card, says: says.map((line) => line.replace('PLACE', place)), refuses };
}

const setting = (name: string, value: string): string => `echo '${value}' > /proc/sys/net/ipv4/${name}`;
/** Connections get port 41002, A02A in the kernel's tables. */
const NEXT_PORT = setting('ip_local_port_range', '41002 41002');
const FREE = 'info port-free:PLACE';
const EPHEMERAL = 'info port-ephemeral:PLACE';
const CONNECTED = [
  NEXT_PORT,
  `"$NODE" -e "const net = require('net'); net.createServer(() => {}).listen(5000, () => net.connect(5000, '127.0.0.1'))" &`,
  "until grep -q ':A02A .* 01 ' /proc/net/tcp; do sleep 0.1; done",
];
const CLOSED = [
  NEXT_PORT,
  `"$NODE" -e "const net = require('net'); const server = net.createServer((socket) => socket.resume()).listen(5000, () => net.connect(5000, '127.0.0.1', function () { this.end(() => server.close()) }))"`,
  "until grep -q ':A02A .* 06 ' /proc/net/tcp; do sleep 0.1; done",
];
const DATAGRAMS = [
  NEXT_PORT,
  `"$NODE" -e "require('dgram').createSocket('udp4').connect(5000, '127.0.0.1')" &`,
  "until grep -q ':A02A .* 01 ' /proc/net/udp; do sleep 0.1; done",
];
const LISTENING = [
  `"$NODE" -e "require('net').createServer().listen(2222, '127.0.0.1')" &`,
  "until grep -q ':08AE .* 0A ' /proc/net/tcp; do sleep 0.1; done",
];

const PORTS: readonly NetworkCase[] = [
  portCase('a free port', 'tcp:127.0.0.1:2222-:22', [], [FREE], null),
  portCase(
    'a port that a server has',
    'tcp:127.0.0.1:2222-:22',
    LISTENING,
    ['error port-taken:PLACE'],
    NO_FORWARD,
  ),
  portCase(
    'a port that a connection has',
    'tcp:127.0.0.1:41002-:22',
    CONNECTED,
    [EPHEMERAL, 'warning port-taken:PLACE'],
    NO_FORWARD,
  ),
  portCase(
    'a port that a connection has, on every address',
    'tcp:0.0.0.0:41002-:22',
    CONNECTED,
    [EPHEMERAL, 'warning port-taken:PLACE'],
    NO_FORWARD,
  ),
  portCase('on another address', 'tcp:127.0.0.2:41002-:22', CONNECTED, [EPHEMERAL, FREE], null),
  portCase(
    'a port that a connection had',
    'tcp:127.0.0.1:41002-:22',
    CLOSED,
    [EPHEMERAL, 'warning port-taken:PLACE'],
    NO_FORWARD,
  ),
  portCase(
    'a port that a connected socket of udp has',
    'udp:127.0.0.1:41002-:53',
    DATAGRAMS,
    [EPHEMERAL, 'warning port-taken:PLACE'],
    NO_FORWARD,
  ),
  portCase(
    'an address that is not here',
    'tcp:203.0.113.7:8080-:80',
    [],
    ['warning hostfwd-address-not-here:PLACE'],
    NO_FORWARD,
  ),
  portCase(
    'an address that is here',
    'tcp:203.0.113.7:8080-:80',
    ['ip addr add 203.0.113.7/32 dev lo'],
    [FREE],
    null,
  ),
  portCase(
    'an odd address that is here',
    'tcp:0.1.2.3:8080-:80',
    ['ip addr add 0.1.2.3/32 dev lo'],
    [FREE],
    null,
  ),
  portCase(
    'an odd address that is not here',
    'udp:240.0.0.1:8080-:80',
    [],
    ['warning hostfwd-address-not-here:PLACE'],
    NO_FORWARD,
  ),
  portCase('a group of multicast', 'udp:239.1.2.3:8080-:80', [], [FREE], null),
  portCase(
    'any address, as the host allows',
    'tcp:203.0.113.7:8080-:80',
    [setting('ip_nonlocal_bind', '1')],
    [FREE],
    null,
  ),
  portCase(
    'a range of addresses',
    'tcp:203.0.113.7:8080-:80',
    ['ip route add local 203.0.113.0/24 dev lo'],
    [FREE],
    null,
  ),
  portCase('a low port, and root', 'tcp:127.0.0.1:80-:80', [], [FREE], null),
  portCase(
    'a low port, and nobody',
    'tcp:127.0.0.1:80-:80',
    [],
    [FREE, 'warning port-privileged:PLACE'],
    NO_FORWARD,
    NOBODY,
  ),
  portCase(
    'a low port that is open to everybody',
    'tcp:127.0.0.1:80-:80',
    [setting('ip_unprivileged_port_start', '80')],
    [FREE],
    null,
    NOBODY,
  ),
];

export const NETWORK_CASES: readonly NetworkCase[] = [...TAPS, ...PORTS];

const SAY = join(LOGS, 'build/test/conformance/network/say.js');
const QUIT = '{"execute":"qmp_capabilities"}{"execute":"quit"}';
const DEADLINE = 180_000;

export async function checkNetwork(
  { name, setup, user, card, says, refuses }: NetworkCase,
  lane: Lane,
): Promise<CheckedNetwork> {
  lane.empty();
  const disks = [{ ...ROOT_DISK, readonly: true }];
  const sections = { storage: { disks }, network: { interfaces: [card] } };
  const profile =
    card.queues === undefined
      ? small('x86_64', sections)
      : small2('x86_64', { ...sections, hardware: { cores: card.queues } });
  makeFiles(intentOf(profile, lane.root), lane);
  const answer = await lane.service.argv({ profile }, lane.facts);
  if ('refusal' in answer) return { name, isRight: false, words: 'the service refuses the profile' };
  const file = join(lane.folder, 'profile.json');
  const said = join(lane.folder, 'said.json');
  writeFileSync(file, JSON.stringify(profile));
  const script = [
    'mount -t sysfs sysfs /sys',
    'ip link set lo up',
    ...setup,
    `"$NODE" "$SAY" "$FILE" "$ROOT" ${user} > "$SAID"`,
    `setpriv --reuid=${user} --regid=${user} --clear-groups "$@" -S -qmp stdio`,
  ];
  const argv = [lane.program('x86_64'), ...answer.body.argv.slice(1)];
  const { status, stderr, error } = spawnSync(
    'unshare',
    [
      ...lane.sandbox.namespaces,
      '--pid',
      '--fork',
      '--kill-child',
      'sh',
      '-e',
      '-c',
      script.join('\n'),
      'sh',
      ...argv,
    ],
    {
      encoding: 'utf8',
      input: QUIT,
      timeout: DEADLINE,
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        NODE: process.execPath,
        SAY,
        FILE: file,
        ROOT: lane.root,
        SAID: said,
      },
    },
  );
  const lines = readLines(said);
  const isStarted = status === 0;
  const isRight =
    lines === JSON.stringify([...says].sort()) &&
    (refuses === null ? isStarted : !isStarted && refuses.test(stderr));
  return {
    name,
    isRight,
    words: `we say ${lines}; QEMU ${error?.message ?? `ends with ${status}`}: ${stderr.trim()}`,
  };
}

function readLines(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return 'nothing';
  }
}
