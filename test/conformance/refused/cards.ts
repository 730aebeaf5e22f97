/** Rules about network cards: their addresses, names and backends. */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import type { Lane } from '../lane.ts';
import { openThings } from '../qemu/proc.ts';
import { type Interface, small } from '../small_profile.ts';
import { type Expectation, type Outcome, type RefusedCase, replaced } from './refused_case.ts';

function withCards(...interfaces: Interface[]): ProfileDocument {
  return small('x86_64', { network: { interfaces } });
}

function user(name: string, more: Partial<Interface> = {}): Interface {
  return { name, type: 'user', ...more };
}

export function refusedCards(): RefusedCase[] {
  return [...macs(), ...interfaces()];
}

interface Nic {
  readonly name: string;
  readonly 'main-mac': string;
}

async function macsOf(outcome: Outcome): Promise<string[]> {
  if (!outcome.isRunning) return [];
  return (await outcome.qmp.ask<Nic[]>('query-rx-filter')).map((nic) => nic['main-mac']);
}

const TWICE: Expectation = {
  harms: async (outcome) => {
    const [first, second] = await macsOf(outcome);
    return first !== undefined && first === second ? `two cards have the address ${first}` : null;
  },
};

function macs(): RefusedCase[] {
  const near = '52:54:00:aa:bb:cc';
  const mac = (bad: string, expect: Expectation, rule = 'invalid-mac'): RefusedCase => ({
    rule,
    name: `mac ${JSON.stringify(bad)}`,
    near: withCards(user('a', { mac: near })),
    bad: withCards(user('a', { mac: bad })),
    edit: (argv) => replaced(argv, near, bad),
    expect,
  });
  return [
    mac('00:00:00:00:00:00', {
      harms: async (outcome) => {
        const [address] = await macsOf(outcome);
        return address === '52:54:00:12:34:56' ? `the card has the address ${address} instead` : null;
      },
    }),
    mac('01:00:5e:00:00:01', { accepts: 'a card with a multicast address is ignored or renamed by guests' }),
    mac('ff:ff:ff:ff:ff:ff', { accepts: 'a card cannot have the broadcast address' }),
    mac('52-54-00-aa-bb-cc', { accepts: 'one way to write an address is enough' }),
    mac('52:54:00:aa:bb', { refuses: /mac/ }),
    mac('52:54:00:aa:bb:cg', { refuses: /mac/ }),
    mac('', { refuses: /mac/ }, 'empty-value'),
    {
      rule: 'duplicate-mac',
      name: 'two cards of one address',
      near: withCards(user('a', { mac: near }), user('b', { mac: '52:54:00:aa:bb:cd' })),
      bad: withCards(user('a', { mac: near }), user('b', { mac: near.toUpperCase() })),
      edit: (argv) => replaced(argv, '52:54:00:aa:bb:cd', near),
      expect: TWICE,
    },
    {
      rule: 'mac-taken-by-qemu',
      name: "the first of QEMU's own addresses after a card without one",
      near: withCards(user('a'), user('b', { mac: near })),
      bad: withCards(user('a'), user('b', { mac: '52:54:00:12:34:56' })),
      edit: (argv) => replaced(argv, near, '52:54:00:12:34:56'),
      expect: TWICE,
    },
  ];
}

function interfaces(): RefusedCase[] {
  const card = withCards(user('net0'));
  const named = (name: string): ProfileDocument => withCards(user(name));
  const identifier = { refuses: /expects an identifier/ };
  const tap: Interface = { name: 'tap0', type: 'tap' };
  const tapNetwork = { taps: ['tap0'], bridges: [] };
  const longName = 'a-tap-of-sixteen';
  return [
    {
      rule: 'invalid-name',
      name: 'an interface name with a digit first',
      near: card,
      bad: named('0net'),
      edit: (argv) => replaced(argv, 'net0', '0net'),
      expect: identifier,
    },
    {
      rule: 'invalid-name',
      name: 'an interface name with a space',
      near: card,
      bad: named('my net'),
      edit: (argv) => replaced(argv, 'net0', 'my net'),
      expect: identifier,
    },
    {
      rule: 'duplicate-name',
      name: 'two interfaces of one name',
      near: withCards(user('a'), user('b')),
      bad: withCards(user('a'), user('a')),
      edit: (argv) => replaced(argv, 'id=b', 'id=a'),
      expect: { refuses: /Duplicate ID 'a' for netdev/ },
    },
    {
      rule: 'not-allowed',
      name: 'an interface type that does not exist',
      near: card,
      bad: withCards({ name: 'net0', type: 'nat' as 'user' }),
      edit: (argv) => replaced(argv, 'user,id', 'nat,id'),
      expect: { refuses: /nat|netdev/ },
    },
    {
      rule: 'hostfwd-needs-user',
      name: 'a forward on a tap device',
      near: withCards(tap),
      bad: withCards({ ...tap, hostfwd: ['tcp:127.0.0.1:24000-:22'] }),
      network: tapNetwork,
      edit: (argv) => replaced(argv, 'downscript=no', 'downscript=no,hostfwd=tcp:127.0.0.1:24000-:22'),
      expect: { refuses: /hostfwd/ },
    },
    {
      rule: 'interface-name-too-long',
      name: 'a tap device of 16 characters',
      near: withCards(tap),
      bad: withCards({ ...tap, name: longName }),
      network: { taps: [longName.slice(0, 15), 'tap0'], bridges: [] },
      edit: (argv) => replaced(argv, 'ifname=tap0', `ifname=${longName}`),
      expect: { harms: tapOf(longName) },
    },
  ];
}

function tapOf(wanted: string): (outcome: Outcome, lane: Lane) => string | null {
  return (outcome) => {
    const [tap] = outcome.isRunning ? openThings(outcome.pid).taps : [];
    return tap !== undefined && tap !== wanted ? `QEMU is on ${tap} instead of ${wanted}` : null;
  };
}
