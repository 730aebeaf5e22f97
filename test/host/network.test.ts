/** What is read of ports, addresses, rights and network devices: from stand-ins, and beside real sockets of this host. */
import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { isInRange } from '../../src/facts/network.ts';
import { readAddresses, readIpv6Addresses, readPortRules } from '../../src/host/addresses.ts';
import { probeDevice, readLinks } from '../../src/host/links.ts';
import { readNetworkRights } from '../../src/host/network_rights.ts';
import { readBoundPorts } from '../../src/host/ports.ts';
import { SYSTEM_FILES } from '../../src/host/system_files.ts';
import { port } from '../../src/needs/kinds/port.ts';
import { given, LINUX, probed } from '../help/hosts.ts';
import { QUIET } from '../help/machines.ts';
import { folderOf, isLinux, onLinux, onPosix } from '../help/this_host.ts';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const REST = '00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0';

t.test("ports in use, by the kernel's tables", async (t) => {
  const root = folderOf(t, {
    net: {
      tcp: [
        HEAD,
        `   0: 0100007F:08AE 00000000:0000 0A ${REST}`,
        `   1: 00000000:0016 00000000:0000 0A ${REST}`,
        ` 102: 0100007F:1F90 0100007F:C001 01 ${REST}`,
        `1003: 0100007F:1F91 0100007F:C001 06 ${REST}`,
        '',
      ].join('\n'),
      tcp6: [
        HEAD,
        `   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A ${REST}`,
        `   1: 0000000000000000FFFF00000101A8C0:01BB 00000000000000000000000000000000:0000 0A ${REST}`,
        `   2: 00000000000000000000000001000000:2328 00000000000000000000000000000000:0000 0A ${REST}`,
        `   3: 000080FE00000000FF005D02AA11FEFF:2329 000080FE00000000FF005D02AA11FEFF:2328 01 ${REST}`,
        '',
      ].join('\n'),
      udp: [
        HEAD,
        `  10: 3500007F:0035 00000000:0000 07 ${REST}`,
        `  11: 0100007F:0036 0100007F:0037 01 ${REST}`,
        '',
      ].join('\n'),
    },
    empty: {},
  });
  const waiting = { protocol: 'tcp', isConnection: false };
  const connected = { protocol: 'tcp', isConnection: true };
  t.strictSame(await readBoundPorts(join(root, 'net')), [
    { ...waiting, address: '127.0.0.1', port: 2222 },
    { ...waiting, address: '0.0.0.0', port: 22 },
    { ...connected, address: '127.0.0.1', port: 8080 },
    { ...connected, address: '127.0.0.1', port: 8081 },
    { ...waiting, address: '::', port: 80 },
    { ...waiting, address: '192.168.1.1', port: 443 },
    { ...waiting, address: '::1', port: 9000 },
    { ...connected, address: 'fe80::25d:ff:fffe:11aa', port: 9001 },
    { ...waiting, protocol: 'udp', address: '127.0.0.53', port: 53 },
    { ...connected, protocol: 'udp', address: '127.0.0.1', port: 54 },
  ]);
  t.equal(await readBoundPorts(join(root, 'empty')), null, 'without tables nothing is known');
});

/** What the doctor says of a port beside the sockets that this host has now: `free`, or the severity of `port-taken`. */
async function saidOf(protocol: 'tcp' | 'udp', number: number, address = '127.0.0.1'): Promise<string> {
  const boundPorts = await readBoundPorts(SYSTEM_FILES.procNet);
  const files = probed(LINUX).probed;
  if (files === null) throw new Error('nothing was looked at');
  const [verdict] = port.verdicts(
    { kind: 'port', at: [], protocol, address, port: number },
    { facts: LINUX, files, network: { ...QUIET, boundPorts, portRules: null }, subject: '' },
  );
  return verdict?.id.startsWith('port-free:') ? 'free' : String(verdict?.severity);
}

/** Whether a socket that is bound as QEMU binds it gets the port: SO_REUSEADDR, which Node sets too, for tcp alone. */
async function mayBind(protocol: 'tcp' | 'udp', number: number, address = '127.0.0.1'): Promise<boolean> {
  const socket = protocol === 'tcp' ? createServer() : createSocket('udp4');
  const ready = new Promise<boolean>((resolve) => {
    socket.once('error', () => resolve(false));
    socket.once('listening', () => resolve(true));
  });
  if (protocol === 'tcp') (socket as Server).listen(number, address);
  else (socket as Datagrams).bind(number, address);
  const isBound = await ready;
  if (isBound) await new Promise<void>((resolve) => socket.close(() => resolve()));
  return isBound;
}

interface Pair {
  readonly client: Socket;
  readonly accepted: Socket;
  readonly clientPort: number;
  readonly server: Server;
  readonly serverPort: number;
}

/** A connection, each end of which stays open when the other is closed. */
async function connect(t: Test, address = '127.0.0.1'): Promise<Pair> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, address);
  await once(server, 'listening');
  const serverPort = portOf(server);
  const client = createConnection({ port: serverPort, host: address, allowHalfOpen: true });
  const [[accepted]] = (await Promise.all([once(server, 'connection'), once(client, 'connect')])) as [
    [Socket],
    unknown,
  ];
  for (const socket of [client, accepted]) socket.on('error', () => {}).resume();
  t.teardown(() => {
    client.destroy();
    accepted.destroy();
    server.close();
  });
  return { client, accepted, clientPort: Number(client.localPort), server, serverPort };
}

function portOf(socket: Server | Datagrams): number {
  return Object(socket.address()).port;
}

/** A container may have no IPv6. */
const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);
const onIpv6 = isLinux && hasIpv6 ? {} : { skip: 'needs IPv6' };

/** The kernel needs a moment to go on to the next state. */
const moment = () => setTimeout(50);

t.test('what is said of sockets of tcp in each state, and what bind(2) says', onLinux, async (t) => {
  const { client, accepted, clientPort, server, serverPort } = await connect(t);
  const check = async (about: string, number: number, said: string, isFree: boolean) => {
    t.equal(await saidOf('tcp', number), said, about);
    t.equal(await mayBind('tcp', number), isFree, `${about}, really`);
  };
  await check('a server', serverPort, 'error', false);
  await check('a connection from here', clientPort, 'warning', false);
  client.end();
  await moment();
  await check('one that waits for the other end to close', clientPort, 'warning', false);
  accepted.end();
  await moment();
  await check('one that is closed, for a minute more', clientPort, 'warning', false);
  server.close();
  await check('what the server had', serverPort, 'free', true);

  const other = await connect(t);
  other.accepted.end();
  await moment();
  await check('one that the other end has closed', other.clientPort, 'warning', false);
  other.client.end();
  await moment();
  await check('and then this one too', other.clientPort, 'free', true);
});

t.test('the connections of a server that is gone may let others have the port', onLinux, async (t) => {
  const { server, serverPort } = await connect(t);
  server.close();
  t.equal(await saidOf('tcp', serverPort), 'warning');
  t.equal(await mayBind('tcp', serverPort), true, 'as SO_REUSEADDR does, which the tables do not show');
});

t.test('a connection on one address, and the others', onLinux, async (t) => {
  const { clientPort } = await connect(t);
  for (const [address, said, isFree] of [
    ['127.0.0.2', 'free', true],
    ['0.0.0.0', 'warning', false],
  ] as const) {
    t.equal(await saidOf('tcp', clientPort, address), said, address);
    t.equal(await mayBind('tcp', clientPort, address), isFree, `${address}, really`);
  }
});

t.test('a server of IPv6, and what bind(2) says', onIpv6, async (t) => {
  for (const [held, ...rows] of [
    ['::1', ['::1', 'error', false], ['127.0.0.1', 'free', true], ['::', 'error', false]],
    ['127.0.0.1', ['::1', 'free', true]],
  ] as const) {
    const { server, serverPort } = await connect(t, held);
    for (const [address, said, isFree] of rows) {
      t.equal(await saidOf('tcp', serverPort, address), said, `${held}, and ${address}`);
      t.equal(await mayBind('tcp', serverPort, address), isFree, `${held}, and ${address}, really`);
    }
    server.close();
  }
  t.ok((await readIpv6Addresses(SYSTEM_FILES.procNet))?.includes('::1'));
});

t.test('what is said of sockets of udp, and what bind(2) says', onLinux, async (t) => {
  const waiting = createSocket({ type: 'udp4', reuseAddr: true });
  const connected = createSocket('udp4');
  t.teardown(() => {
    waiting.close();
    connected.close();
  });
  waiting.bind(0, '127.0.0.1');
  await once(waiting, 'listening');
  // At a port that no connection of another program has.
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const number = portOf(holder);
  holder.close();
  await once(holder, 'close');
  connected.bind(number, '127.0.0.1');
  await once(connected, 'listening');
  connected.connect(portOf(waiting), '127.0.0.1');
  await once(connected, 'connect');
  t.equal(await saidOf('udp', portOf(waiting)), 'error');
  t.equal(await mayBind('udp', portOf(waiting)), false, 'SO_REUSEADDR of one socket alone is no use');
  t.equal(await saidOf('udp', portOf(connected)), 'warning');
  t.equal(await mayBind('udp', portOf(connected)), false);
  t.equal(await saidOf('tcp', portOf(connected)), 'free', 'the protocols have ports of their own');
});

const FIB_TRIE = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     |-- 10.9.9.9
        /32 host LOCAL
Local:
  +-- 0.0.0.0/0 3 0 5
     +-- 127.0.0.0/8 2 0 2
        +-- 127.0.0.0/31 1 0 0
           |-- 127.0.0.0
              /8 host LOCAL
           |-- 127.0.0.1
              /32 host LOCAL
        |-- 127.255.255.255
           /32 link BROADCAST
     +-- 192.0.2.0/24 2 0 2
        |-- 192.0.2.0
           /24 link UNICAST
        |-- 192.0.2.2
           /32 host LOCAL
Id 100:
  |-- 0.0.0.0
     /0 host LOCAL
`;

t.test('addresses that a socket can be bound to', async (t) => {
  const root = folderOf(t, {
    net: {
      fib_trie: FIB_TRIE,
      if_inet6: [
        'fd000000000000000000000000000002 04 40 00 82     eth0',
        '00000000000000000000000000000001 01 80 10 80       lo',
        '',
      ].join('\n'),
    },
    empty: {},
    off: { ip_nonlocal_bind: '0\n' },
    on: { ip_nonlocal_bind: '1\n' },
  });
  const read = (net: string, sysctl: string) => readAddresses(join(root, net), join(root, sysctl));
  const ranges = await read('net', 'off');
  t.strictSame(ranges, await read('net', 'empty'), 'what is not there is not set');
  const known = ranges ?? [];
  const may = (address: string) => known.some((range) => isInRange(range, address));
  for (const address of ['0.0.0.0', '127.0.0.1', '127.9.9.9', '192.0.2.2', '224.0.0.1', '255.255.255.255'])
    t.ok(may(address), address);
  for (const address of ['0.0.0.1', '10.9.9.9', '192.0.2.1', '203.0.113.7', '223.9.9.9', '240.0.0.1'])
    t.notOk(may(address), address);
  const everybody = known.filter(({ isBroadcast }) => isBroadcast === true);
  t.strictSame(
    everybody.map(({ address }) => address),
    ['127.255.255.255'],
  );
  t.equal(await read('empty', 'off'), null);
  t.strictSame(await readIpv6Addresses(join(root, 'net')), ['fd00::2', '::1']);
  t.equal(await readIpv6Addresses(join(root, 'empty')), null);
  t.strictSame(await read('net', 'on'), [{ address: '0.0.0.0', bits: 0 }], 'any address, as it is set');
});

t.test('addresses of this very host, and what bind(2) says', onLinux, async (t) => {
  const known = (await readAddresses(SYSTEM_FILES.procNet, SYSTEM_FILES.sysctlIpv4)) ?? [];
  for (const address of [
    '0.0.0.0',
    '0.0.0.1',
    '127.0.0.1',
    '127.1.2.3',
    '192.0.2.77',
    '203.0.113.7',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.254',
    '255.255.255.255',
  ]) {
    const isHere = known.some((range) => isInRange(range, address));
    t.equal(isHere, await mayBind('udp', 0, address), address);
  }
});

t.test('how the host hands out ports', async (t) => {
  const settings = (reserved: string) => ({
    ip_local_port_range: '32768\t60999\n',
    ip_local_reserved_ports: reserved,
    ip_unprivileged_port_start: '1024\n',
  });
  const root = folderOf(t, { none: settings('\n'), some: settings('8080,9148-9150\n'), empty: {} });
  const rules = { ephemeral: { first: 32768, last: 60999 }, reserved: [], firstUnprivileged: 1024 };
  t.strictSame(await readPortRules(join(root, 'none')), rules);
  t.strictSame(await readPortRules(join(root, 'some')), {
    ...rules,
    reserved: [
      { first: 8080, last: 8080 },
      { first: 9148, last: 9150 },
    ],
  });
  t.equal(await readPortRules(join(root, 'empty')), null);
});

t.test('what a plan asks about a port', (t) => {
  const asked = (address: string, os: typeof LINUX.os) =>
    port.unknowns({ kind: 'port', at: [], protocol: 'tcp', address, port: 1 }, given({ ...LINUX, os }), 1)
      .length;
  t.equal(asked('0.0.0.0', 'darwin'), 1);
  t.equal(asked('127.0.0.2', 'linux'), 1);
  t.equal(asked('127.0.0.2', 'windows'), 1);
  t.equal(asked('127.0.0.1', 'freebsd'), 1);
  t.equal(asked('127.0.0.2', 'freebsd'), 2, 'whether the host has the address');
  t.equal(asked('192.168.1.1', 'linux'), 2);
  t.end();
});

t.test('what this process may do', async (t) => {
  const status = (groups: string, capabilities: string) =>
    `Name:\tnode\nUid:\t1000\t1001\t1000\t1000\nGid:\t100\t101\t100\t100\nGroups:\t${groups}\nCapEff:\t${capabilities}\n`;
  const root = folderOf(t, {
    none: status('', '0000000000000000'),
    some: status('4 27 ', '0000000000001000'),
    all: status('0', '000001ffffffffff'),
    bind: status('0', '0000000000000400'),
    odd: 'Name:\tnode\n',
    user: 'Uid:\t1\t1\t1\t1\n',
    group: 'Uid:\t1\t1\t1\t1\nGid:\t1\t1\t1\t1\n',
  });
  const read = (name: string) => readNetworkRights(join(root, name));
  t.strictSame(await read('none'), {
    user: 1001,
    groups: [101],
    mayAdministrate: false,
    mayBindAnyPort: false,
  });
  t.match(await read('some'), { groups: [101, 4, 27], mayAdministrate: true, mayBindAnyPort: false });
  t.match(await read('all'), { mayAdministrate: true, mayBindAnyPort: true });
  t.match(await read('bind'), { mayAdministrate: false, mayBindAnyPort: true });
  for (const name of ['odd', 'user', 'group', 'absent']) t.equal(await read(name), null, name);
});

t.test('the rights of this very process', onLinux, async (t) => {
  const rights = await readNetworkRights(SYSTEM_FILES.processStatus);
  t.equal(rights?.user, process.geteuid?.());
  t.equal(rights?.groups[0], process.getegid?.());
});

t.test('network devices', async (t) => {
  const root = folderOf(t, {
    net: {
      tap0: { tun_flags: '0x1802\n', owner: '1000\n', group: '-1\n', carrier: '1\n' },
      tap1: { tun_flags: '0x1002\n', owner: '-1\n', group: '0\n', carrier: '0\n' },
      // Of a device that is down the kernel refuses to tell.
      tap2: { tun_flags: '0x1902\n', owner: '-1\n', group: '-1\n', carrier: {} },
      tap3: { tun_flags: '0x1002\n' },
      tun0: { tun_flags: '0x1801\n' },
      br0: { bridge: {} },
      eth0: {},
    },
    tun: '',
  });
  const tap = { kind: 'tap', isMultiQueue: false, owner: null, group: null } as const;
  t.strictSame(
    await readLinks(join(root, 'net')),
    new Map<string, object>([
      ['br0', { kind: 'bridge' }],
      ['eth0', { kind: 'other' }],
      ['tap0', { ...tap, owner: 1000, state: 'in-use' }],
      ['tap1', { ...tap, group: 0, state: 'idle' }],
      ['tap2', { ...tap, isMultiQueue: true, state: 'down' }],
      ['tap3', { ...tap, state: 'down' }],
      ['tun0', { kind: 'tun' }],
    ]),
  );
  t.equal(await readLinks(join(root, 'absent')), null);
  t.equal(await probeDevice(join(root, 'tun')), 'ready');
  t.equal(await probeDevice(join(root, 'absent')), 'missing');
});

t.test('a device that this user may not open', onPosix, async (t) => {
  const root = folderOf(t, { directory: { tun: '' } });
  chmodSync(join(root, 'directory/tun'), 0o400);
  // Root may open everything but what the kernel itself guards.
  const guarded = process.geteuid?.() === 0 ? '/proc/sys/kernel/ostype' : join(root, 'directory/tun');
  t.equal(await probeDevice(guarded), 'no-permission');
});
