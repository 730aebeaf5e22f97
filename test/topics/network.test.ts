/** Interfaces: their names on the host, forwards, addresses, and the arguments that they make. */
import t from 'tap';
import { argvOf, valuesOf } from '../help/argv.ts';
import { CARD, user } from '../help/changes.ts';
import { changed } from '../help/documents.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

/** An interface that forwards these rules. */
function forwarding(...hostfwd: string[]): Record<string, unknown> {
  return { [CARD]: user('net0', ...hostfwd) };
}

t.test('the name of a tap device fits into the kernel', (t) =>
  checkRows(t, [
    [
      '15 characters',
      { [CARD]: { name: 'x'.repeat(15), type: 'tap' } },
      'warning host-network-setup network.interfaces[0].type',
    ],
    [
      '16 characters',
      { [CARD]: { name: 'x'.repeat(16), type: 'tap' } },
      'error interface-name-too-long network.interfaces[0].name',
      'warning host-network-setup network.interfaces[0].type',
    ],
    [
      'a bridge is not called so',
      { [CARD]: { name: 'x'.repeat(16), type: 'bridge' } },
      'warning host-network-setup network.interfaces[0].type',
    ],
    ['nor a user network', { [CARD]: { name: 'x'.repeat(16), type: 'user' } }],
    ['nor nothing', { [CARD]: { name: 'x'.repeat(16), type: 'none' } }],
  ]),
);

t.test('hostfwd', (t) => {
  const of = (rule: string, ...issues: string[]): Row => [rule, forwarding(rule), ...issues];
  const invalid = 'error invalid-hostfwd network.interfaces[0].hostfwd[0]';
  const exposed = 'warning hostfwd-not-loopback network.interfaces[0].hostfwd[0]';
  const privileged = 'warning hostfwd-privileged-port network.interfaces[0].hostfwd[0]';
  const unreachable = 'error hostfwd-address-unreachable network.interfaces[0].hostfwd[0]';
  const noGuest = 'warning hostfwd-guest-unreachable network.interfaces[0].hostfwd[0]';
  checkRows(t, [
    of('tcp:127.0.0.1:2222-:22'),
    of('udp:127.0.0.1:1024-10.0.2.15:65535'),
    of('tcp:127.255.255.255:65535-:1'),
    of('tcp::2222-:22', exposed),
    of('tcp:0.0.0.0:2222-:22', exposed),
    of('tcp:192.168.1.1:2222-:22', exposed),
    of('tcp:12.7.0.1:2222-:22', exposed),
    of('tcp:127.0.0.1:1023-:22', privileged),
    of('tcp:127.0.0.1:1-:22', privileged),
    of('tcp::80-:80', exposed, privileged),
    of('tcp:224.0.0.1:2222-:22', unreachable),
    of('tcp:239.255.255.255:2222-:22', unreachable),
    of('tcp:255.255.255.255:2222-:22', unreachable),
    of('udp:224.0.0.1:2222-:22', exposed),
    of('udp:255.255.255.255:2222-:22', exposed),
    of('tcp:223.255.255.255:2222-:22', exposed),
    of('tcp:240.0.0.1:2222-:22', exposed),
    of('tcp:0.1.2.3:2222-:22', exposed),
    of('tcp:127.0.0.1:2222-0.0.0.0:22'),
    of('tcp:127.0.0.1:2222-10.0.2.4:22'),
    of('tcp:127.0.0.1:2222-10.0.2.254:22'),
    of('tcp:127.0.0.1:2222-10.0.2.0:22', noGuest),
    of('tcp:127.0.0.1:2222-10.0.2.2:22', noGuest),
    of('udp:127.0.0.1:2222-10.0.2.3:53', noGuest),
    of('tcp:127.0.0.1:2222-10.0.2.255:22', noGuest),
    of('tcp:127.0.0.1:2222-10.0.20.15:22', noGuest),
    of('tcp:127.0.0.1:2222-192.168.1.5:22', noGuest),
    of('', 'error empty-value network.interfaces[0].hostfwd[0]'),
    of('tcp:127.0.0.1:0-:22', invalid),
    of('tcp:127.0.0.1:65536-:22', invalid),
    of('tcp:127.0.0.1:2222-:0', invalid),
    of('tcp:127.0.0.1:2222-:65536', invalid),
    of('tcp:127.0.0.1:02222-:22', invalid),
    of('tcp:127.0.0.1:0x8ae-:22', invalid),
    of('tcp:127.0.0.1:+2222-:22', invalid),
    of('tcp:127.0.0.1: 2222-:22', invalid),
    of('tcp:127.0.0.01:2222-:22', invalid),
    of('tcp:256.0.0.1:2222-:22', invalid),
    of('tcp:127.0.1:2222-:22', invalid),
    of('tcp:0x7f000001:2222-:22', invalid),
    of('tcp:localhost:2222-:22', invalid),
    of('tcp:[::1]:2222-:22', invalid),
    of('tcp:127.0.0.1:2222-2230-:22', invalid),
    of('tcp:127.0.0.1:2222-22', invalid),
    of('tcp:127.0.0.1:2222', invalid),
    of(':127.0.0.1:2222-:22', invalid),
    of('TCP:127.0.0.1:2222-:22', invalid),
    of('unix:/run/x-:22', invalid),
    of('tcp:127.0.0.1:2222-:22,restrict=off', invalid),
    of(' tcp:127.0.0.1:2222-:22', invalid),
    of('tcp:127.0.0.1:2222-:22 ', invalid),
    of('tcp:127.0.0.1:２２２２-:22', invalid),
    [
      'only a user network forwards',
      { [CARD]: { name: 'tap0', type: 'tap', hostfwd: ['tcp::2222-:22'] } },
      'error hostfwd-needs-user network.interfaces[0].hostfwd',
      'warning host-network-setup network.interfaces[0].type',
    ],
    [
      'nothing does not forward either',
      { [CARD]: { name: 'a', type: 'none', hostfwd: ['tcp::2222-:22'] } },
      'error hostfwd-needs-user network.interfaces[0].hostfwd',
    ],
    ['an empty list is none', { [CARD]: { name: 'a', type: 'none', hostfwd: [] } }],
  ]);
});

t.test('ports forwarded twice', (t) => {
  const again = (index: number, card = 0) =>
    `error port-forwarded-twice network.interfaces[${card}].hostfwd[${index}]`;
  const exposed = (index: number) => `warning hostfwd-not-loopback network.interfaces[0].hostfwd[${index}]`;
  checkRows(t, [
    ['one address', forwarding('tcp:127.0.0.1:2222-:22', 'tcp:127.0.0.1:2222-:23'), again(1)],
    ['two protocols', forwarding('tcp:127.0.0.1:2222-:22', 'udp:127.0.0.1:2222-:22')],
    ['two addresses', forwarding('tcp:127.0.0.1:2222-:22', 'tcp:127.0.0.2:2222-:22')],
    ['two ports', forwarding('tcp:127.0.0.1:2222-:22', 'tcp:127.0.0.1:2223-:22')],
    ['every address later', forwarding('tcp:127.0.0.1:2222-:22', 'tcp::2222-:22'), again(1), exposed(1)],
    [
      'every address first',
      forwarding('tcp:0.0.0.0:2222-:22', 'tcp:127.0.0.1:2222-:22'),
      again(1),
      exposed(0),
    ],
    [
      'both spellings of every address',
      forwarding('tcp::2222-:22', 'tcp:0.0.0.0:2222-:22'),
      again(1),
      exposed(0),
      exposed(1),
    ],
    [
      'three times',
      forwarding('tcp:127.0.0.1:2222-:22', 'tcp:127.0.0.1:2222-:23', 'tcp:127.0.0.1:2222-:24'),
      again(1),
      again(2),
    ],
    [
      'the third against the second alone',
      forwarding('tcp:127.0.0.1:2222-:22', 'tcp::2222-:22', 'tcp:127.0.0.2:2222-:22'),
      again(1),
      again(2),
      exposed(1),
    ],
    [
      'on two interfaces',
      { 'network.interfaces': [user('a', 'tcp:127.0.0.1:2222-:22'), user('b', 'tcp:127.0.0.1:2222-:22')] },
      again(0, 1),
    ],
  ]);
});

t.test('one list of forwards makes one argument, which has a longest length', (t) => {
  // `user,id=net0` and, for each rule, `,hostfwd=tcp:127.0.0.1:NNNNN-:NNNNN`.
  const rules = (count: number) =>
    Array.from({ length: count }, (_, index) => `tcp:127.0.0.1:${20000 + index}-:10000`);
  const count = Math.floor((131071 - 'user,id=net0'.length) / ',hostfwd=tcp:127.0.0.1:20000-:10000'.length);
  checkIssues(t, changed(forwarding(...rules(count))), [], 'as long as can be');
  checkIssues(
    t,
    changed(forwarding(...rules(count + 1))),
    ['error argument-too-long network.interfaces[0].hostfwd'],
    'one rule more',
  );
  t.end();
});

function withMac(mac: unknown): Record<string, unknown> {
  return { [CARD]: { name: 'net0', type: 'user', mac } };
}

t.test('mac', (t) => {
  const of = (mac: string, ...issues: string[]): Row => [mac, withMac(mac), ...issues];
  const invalid = 'error invalid-mac network.interfaces[0].mac';
  checkRows(t, [
    of('52:54:00:0a:0b:0c'),
    of('FE:FF:FF:FF:FF:FF'),
    of('00:00:00:00:00:01'),
    of('', 'error empty-value network.interfaces[0].mac'),
    of(' ', 'error empty-value network.interfaces[0].mac'),
    of('52-54-00-0a-0b-0c', invalid),
    of('525400:0a0b0c', invalid),
    of('52:54:00:0a:0b', invalid),
    of('52:54:00:0a:0b:0c:0d', invalid),
    of('5:54:00:0a:0b:0c', invalid),
    of('52:54:00:0a:0b:0g', invalid),
    of('52:54:00:0a:0b:0c,romfile=x', invalid),
    of('00:00:00:00:00:00', invalid),
    of('53:54:00:0a:0b:0c', invalid),
    of('ff:ff:ff:ff:ff:ff', invalid),
    of('01:00:5e:00:00:01', invalid),
    [
      'two of one address, in another case',
      {
        'network.interfaces': [
          { name: 'a', type: 'user', mac: '52:54:00:0a:0b:0c' },
          { name: 'b', type: 'user', mac: '52:54:00:0A:0B:0C' },
        ],
      },
      'error duplicate-mac network.interfaces[1].mac',
    ],
    [
      'the address that another interface gets from the names',
      {
        'vm.name': 'router',
        'network.interfaces': [
          { name: 'a', type: 'user', mac: '52:54:00:89:e8:fd' },
          { name: 'tap0', type: 'tap' },
        ],
      },
      'error duplicate-mac network.interfaces[1].mac',
      'warning host-network-setup network.interfaces[1].type',
    ],
  ]);
});

t.test('addresses that QEMU hands out itself', (t) => {
  const last = (mac: string, before: number, ...issues: string[]): Row => [
    `${mac} after ${before}`,
    {
      'network.interfaces': [
        ...Array.from({ length: before }, (_, index) => user(`u${index}`)),
        { name: 'own', type: 'user', mac },
      ],
    },
    ...issues,
  ];
  const taken = (index: number) => `error mac-taken-by-qemu network.interfaces[${index}].mac`;
  checkRows(t, [
    last('52:54:00:12:34:56', 0),
    last('52:54:00:12:34:56', 1, taken(1)),
    last('52:54:00:12:34:57', 1),
    last('52:54:00:12:34:57', 2, taken(2)),
    last('52:54:00:12:34:55', 2),
    last('52:54:00:12:35:56', 2),
    [
      'one with an address, and others without a card of that kind, do not count',
      {
        'network.interfaces': [
          { name: 'a', type: 'user', mac: '52:54:00:00:00:01' },
          { name: 'b', type: 'none' },
          { name: 'c', type: 'user', mac: '52:54:00:12:34:56' },
        ],
      },
    ],
    [
      'a later interface does not count',
      { 'network.interfaces': [{ name: 'a', type: 'user', mac: '52:54:00:12:34:56' }, user('b')] },
    ],
  ]);
});

t.test('interfaces that need something of the host', (t) =>
  checkRows(t, [
    ['tap', { [CARD]: { name: 'a', type: 'tap' } }, 'warning host-network-setup network.interfaces[0].type'],
    [
      'bridge',
      { [CARD]: { name: 'a', type: 'bridge' } },
      'warning host-network-setup network.interfaces[0].type',
    ],
    ['user', { [CARD]: { name: 'a', type: 'user' } }],
    ['none', { [CARD]: { name: 'a', type: 'none' } }],
  ]),
);

t.test('network in argv', (t) => {
  const of = (...interfaces: object[]) => {
    const argv = argvOf({ 'vm.name': 'router', 'network.interfaces': interfaces });
    return valuesOf(argv, '-netdev').concat(valuesOf(argv, '-device'));
  };
  t.strictSame(of({ name: 'a', type: 'none', mac: '52:54:00:00:00:01' }), [], 'none is nothing');
  t.strictSame(
    of({ name: 'a', type: 'user' }),
    ['user,id=a', 'virtio-net-pci,netdev=a'],
    'QEMU picks an address',
  );
  t.strictSame(of({ name: 'tap0', type: 'tap' }), [
    'tap,id=tap0,ifname=tap0,script=no,downscript=no',
    'virtio-net-pci,netdev=tap0,mac=52:54:00:89:e8:fd',
  ]);
  t.strictSame(of({ name: 'wan', type: 'bridge' }), [
    'bridge,id=wan,br=br0',
    'virtio-net-pci,netdev=wan,mac=52:54:00:f8:97:4f',
  ]);
  t.strictSame(of({ name: 'wan', type: 'bridge', mac: 'FE:54:00:AB:CD:EF' }), [
    'bridge,id=wan,br=br0',
    'virtio-net-pci,netdev=wan,mac=fe:54:00:ab:cd:ef',
  ]);
  t.strictSame(of({ name: 'a', type: 'user', hostfwd: ['tcp::2222-:22', 'udp:127.0.0.1:53-10.0.2.15:53'] }), [
    'user,id=a,hostfwd=tcp::2222-:22,hostfwd=udp:127.0.0.1:53-10.0.2.15:53',
    'virtio-net-pci,netdev=a',
  ]);
  t.end();
});
