/** Rules about interfaces of version 2: networks that QEMU makes, devices of the host, cards. */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { type Interface, small2 } from '../small_profile.ts';
import { type Expectation, type Outcome, type RefusedCase, replaced } from './refused_case.ts';

const withCards = (...interfaces: Interface[]): ProfileDocument =>
  small2('x86_64', { hardware: { cores: 4 }, network: { interfaces } });

const SUBNET = '10.5.0.0/24';
const user = (more: Partial<Interface>): Interface => ({ name: 'n', type: 'user', ...more });

export function refusedInterfaces(): RefusedCase[] {
  return [...subnets(), ...queues(), ...cards()].map((each) => ({
    ...each,
    name: `interface: ${each.name}`,
  }));
}

/** Where a forward without an address of the guest leads. */
function leadsTo(wanted: RegExp, harm: string): Expectation {
  return {
    harms: async (outcome: Outcome) =>
      outcome.isRunning && wanted.test(await outcome.qmp.human('info usernet')) ? harm : null,
  };
}

function subnets(): RefusedCase[] {
  const of = (
    rule: string,
    near: Partial<Interface>,
    bad: Partial<Interface>,
    from: string,
    to: string,
    expect: Expectation,
  ): RefusedCase => ({
    rule,
    name: JSON.stringify(bad),
    near: withCards(user(near)),
    bad: withCards(user(bad)),
    edit: (argv) => replaced(argv, from, to),
    expect,
  });
  const subnet = (bad: string, expect: Expectation, more: Partial<Interface> = {}): RefusedCase =>
    of('invalid-subnet', { subnet: SUBNET, ...more }, { subnet: bad, ...more }, SUBNET, bad, expect);
  const hostfwd = ['tcp:127.0.0.1:24000-:22'];
  const near = { subnet: SUBNET, host_address: '10.5.0.9' };
  const host = (rule: string, bad: string, expect: Expectation): RefusedCase =>
    of(rule, near, { ...near, host_address: bad }, '10.5.0.9', bad, expect);
  const dns = { subnet: SUBNET, dns_address: '10.5.0.9' };
  const name = (rule: string, bad: string, expect: Expectation): RefusedCase =>
    of(rule, dns, { ...dns, dns_address: bad }, '10.5.0.9', bad, expect);
  return [
    subnet('10.5.0.0/30', { refuses: /DHCP must be different/ }),
    subnet('10.5.0.0/33', { refuses: /must be in range 4-32/ }),
    subnet('10.5.0.0/28', leadsTo(/10\.5\.0\.15 +22/, 'the guest gets the broadcast address'), { hostfwd }),
    subnet('10.5.0.0', leadsTo(/10\.0\.2\.15 +22/, 'the network is 10.0.0.0/8'), { hostfwd }),
    subnet('10.5.0.7/24', leadsTo(/10\.5\.0\.15 +22/, 'the network is 10.5.0.0/24 all the same'), {
      hostfwd,
    }),
    subnet('127.0.0.0/8', { accepts: 'systems refuse an address of that network for a card' }),
    host('address-outside-subnet', '10.6.0.2', { refuses: /Host doesn't belong to network/ }),
    host('address-outside-subnet', '10.5.0.0', { accepts: 'no machine has the address of the network' }),
    host('address-outside-subnet', '10.5.0.255', { accepts: 'no machine has the broadcast address' }),
    host('address-twice', '10.5.0.15', { refuses: /DHCP must be different/ }),
    host('address-twice', '10.5.0.3', { refuses: /DNS must be different/ }),
    name('address-twice', '10.5.0.2', { refuses: /DNS must be different/ }),
    name('address-twice', '10.5.0.15', { refuses: /DHCP must be different/ }),
    of(
      'address-outside-subnet',
      { ...dns, restrict: true },
      { ...dns, dns_address: '192.0.2.53', restrict: true },
      '10.5.0.9',
      '192.0.2.53',
      { refuses: /DNS doesn't belong to network/ },
    ),
    of(
      'hostfwd-guest-outside-subnet',
      { subnet: SUBNET, hostfwd },
      { subnet: SUBNET, hostfwd: ['tcp:127.0.0.1:24000-10.0.2.15:22'] },
      '24000-:22',
      '24000-10.0.2.15:22',
      leadsTo(/10\.0\.2\.15 +22/, 'the forward leads out of the network'),
    ),
    of(
      'invalid-hostname',
      { hostname: 'lab' },
      { hostname: 'x'.repeat(256) },
      'hostname=lab',
      `hostname=${'x'.repeat(256)}`,
      { refuses: /hostname|255/ },
    ),
  ];
}

function queues(): RefusedCase[] {
  const wide: Interface = { name: 'n', type: 'tap', ifname: 'tap7', queues: 2 };
  const of = (
    rule: string,
    bad: Partial<Interface>,
    edit: RefusedCase['edit'],
    expect: Expectation,
  ): RefusedCase => ({
    rule,
    name: JSON.stringify(bad),
    near: withCards(wide),
    bad: withCards({ ...wide, ...bad }),
    edit,
    expect,
  });
  const many = (count: number) => (argv: readonly string[]) => replaced(argv, 'queues=2', `queues=${count}`);
  return [
    of('out-of-range', { queues: 0 }, many(0), { refuses: /Assertion|SIGABRT|queues/ }),
    of('out-of-range', { queues: 257 }, many(257), { refuses: /queues|fds|multiqueue|tun/ }),
    of(
      'queues-need-virtio',
      { model: 'e1000' },
      (argv) => replaced(replaced(argv, 'virtio-net-pci,', 'e1000,'), ',mq=on,vectors=6', ''),
      { accepts: 'the card has one queue, whatever the tap device has' },
    ),
    {
      ...of(
        'not-for-type',
        { type: 'bridge' },
        (argv) => replaced(argv, 'tap,id=n,ifname=tap7,script=no,downscript=no', 'bridge,id=n,br=br0'),
        {
          refuses: /queues/,
        },
      ),
      network: { taps: [], bridges: ['br0'] },
    },
  ];
}

function cards(): RefusedCase[] {
  const mtu = user({ mtu: 1400 });
  return [
    {
      rule: 'mtu-needs-virtio',
      name: 'an MTU for a card that knows none',
      near: withCards(mtu),
      bad: withCards({ ...mtu, model: 'e1000e' }),
      edit: (argv) => replaced(argv, 'virtio-net-pci', 'e1000e'),
      expect: { refuses: /host_mtu/ },
    },
    {
      rule: 'out-of-range',
      name: 'an MTU of 65536',
      near: withCards(mtu),
      bad: withCards({ ...mtu, mtu: 65536 }),
      edit: (argv) => replaced(argv, 'host_mtu=1400', 'host_mtu=65536'),
      expect: { refuses: /host_mtu|uint16|65536/ },
    },
    {
      rule: 'not-allowed',
      name: 'a card that no QEMU has',
      near: withCards(user({ model: 'e1000' })),
      bad: withCards(user({ model: 'e1001' as 'e1000' })),
      edit: (argv) => replaced(argv, 'e1000,', 'e1001,'),
      expect: { refuses: /e1001/ },
    },
    {
      rule: 'not-for-os',
      name: 'a network of macOS',
      near: withCards(user({})),
      bad: withCards({ name: 'n', type: 'vmnet-shared' }),
      edit: (argv) => replaced(argv, 'user,id=n', 'vmnet-shared,id=n'),
      expect: { refuses: /vmnet-shared/ },
    },
    {
      rule: 'duplicate-device',
      name: 'one tap device for two cards',
      near: withCards({ name: 'a', type: 'tap', ifname: 'tap7' }, { name: 'b', type: 'tap', ifname: 'tap8' }),
      bad: withCards({ name: 'a', type: 'tap', ifname: 'tap7' }, { name: 'b', type: 'tap', ifname: 'tap7' }),
      edit: (argv) => replaced(argv, 'ifname=tap8', 'ifname=tap7'),
      expect: { refuses: /busy/ },
    },
  ];
}
