/** Rules about forwarded ports. */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { openThings } from '../qemu/proc.ts';
import { type Interface, small } from '../small_profile.ts';
import { type Expectation, type RefusedCase, replaced } from './refused_case.ts';

function withCards(...interfaces: Interface[]): ProfileDocument {
  return small('x86_64', { network: { interfaces } });
}

function user(name: string, more: Partial<Interface> = {}): Interface {
  return { name, type: 'user', ...more };
}

export function refusedForwards(): RefusedCase[] {
  return [...forwards(), ...badForwards(), ...unreachable()];
}

function forwards(): RefusedCase[] {
  const twice = (
    name: string,
    kept: string,
    near: string,
    bad: string,
    expect: Expectation,
  ): RefusedCase => ({
    rule: 'port-forwarded-twice',
    name,
    near: withCards(user('a', { hostfwd: [kept] }), user('b', { hostfwd: [near] })),
    bad: withCards(user('a', { hostfwd: [kept] }), user('b', { hostfwd: [bad] })),
    edit: (argv) => replaced(argv, `hostfwd=${near}`, `hostfwd=${bad}`),
    expect,
  });
  const taken = { refuses: /Could not set up host forwarding rule/ };
  return [
    twice(
      'one port on one address',
      'tcp:127.0.0.1:24000-:22',
      'tcp:127.0.0.1:24001-:22',
      'tcp:127.0.0.1:24000-:23',
      taken,
    ),
    twice(
      'one port on every address, written in two ways',
      'tcp::24000-:22',
      'tcp:127.0.0.1:24001-:22',
      'tcp:0.0.0.0:24000-:22',
      taken,
    ),
    twice(
      'one port on every address and on one',
      'tcp::24000-:22',
      'tcp:127.0.0.1:24001-:22',
      'tcp:127.0.0.1:24000-:22',
      taken,
    ),
    twice(
      'one port on one address and on every',
      'tcp:127.0.0.1:24000-:22',
      'tcp:127.0.0.1:24001-:22',
      'tcp::24000-:22',
      taken,
    ),
    twice(
      'one udp port on one address',
      'udp:127.0.0.1:24000-:53',
      'udp:127.0.0.1:24001-:53',
      'udp:127.0.0.1:24000-:54',
      taken,
    ),
    twice(
      'one udp port on every address and on one',
      'udp::24000-:53',
      'udp:127.0.0.1:24001-:53',
      'udp:127.0.0.1:24000-:54',
      taken,
    ),
    {
      rule: 'port-forwarded-twice',
      name: 'one port twice on one interface',
      near: withCards(user('a', { hostfwd: ['tcp::24000-:22', 'tcp::24001-:23'] })),
      bad: withCards(user('a', { hostfwd: ['tcp::24000-:22', 'tcp::24000-:23'] })),
      edit: (argv) => replaced(argv, 'tcp::24001', 'tcp::24000'),
      expect: taken,
    },
  ];
}

function badForwards(): RefusedCase[] {
  const near = 'tcp:127.0.0.1:24000-:22';
  const rule = (bad: string, expect: Expectation, newer?: Expectation): RefusedCase => ({
    rule: 'invalid-hostfwd',
    name: `hostfwd ${JSON.stringify(bad)}`,
    near: withCards(user('a', { hostfwd: [near] })),
    bad: withCards(user('a', { hostfwd: [bad] })),
    edit: (argv) => replaced(argv, `hostfwd=${near}`, `hostfwd=${bad}`),
    expect,
    ...(newer && { newer }),
  });
  const invalid = { refuses: /[Ii]nvalid host forwarding rule|Invalid parameter|hostfwd/ };
  const listensOn = (pattern: RegExp, what: string): Expectation => ({
    harms: (outcome) => {
      const listeners = outcome.isRunning ? openThings(outcome.pid).listeners : [];
      const found = listeners.find((listener) => pattern.test(listener));
      return found === undefined ? null : `${what}: QEMU listens on ${found}`;
    },
  });
  return [
    rule('tcp:127.0.0.1:65536-:22', invalid),
    rule('tcp:127.0.0.1:24000-:65536', invalid),
    rule('tcp:127.0.0.1:24000-24010-:22', invalid),
    rule('tcp:localhost:24000-:22', invalid),
    rule('tcp:[::1]:24000-:22', invalid),
    rule('unix:/x-:22', invalid),
    rule('tcp:127.0.0.1:24000', invalid),
    rule('TCP:127.0.0.1:24000-:22', invalid),
    rule('tcp:127.0.0.1:0-:22', listensOn(/^port:tcp:127\.0\.0\.1:[1-9]/, 'port 0 is any port')),
    rule('tcp:127.0.0.1:-:22', listensOn(/^port:tcp:127\.0\.0\.1:[1-9]/, 'no port is any port'), invalid),
    rule('tcp:127.0.0.1:042222-:22', listensOn(/:17554$/, 'a leading zero is octal')),
    rule('tcp:0:24000-:22', listensOn(/^port:tcp:0\.0\.0\.0:24000$/, 'an address of one number')),
    rule('tcp:127.1:24000-:22', listensOn(/^port:tcp:127\.0\.0\.1:24000$/, 'an address of two numbers')),
    rule(':127.0.0.1:24000-:22', { accepts: 'an empty protocol is tcp; one way to write it is enough' }),
    rule(`${near},hostfwd=tcp::24001-:22`, listensOn(/:24001$/, 'a comma starts another option')),
  ];
}

function unreachable(): RefusedCase[] {
  const near = 'tcp:127.0.0.1:24000-:22';
  return ['224.0.0.1', '255.255.255.255'].map((address) => {
    const bad = `tcp:${address}:24000-:22`;
    return {
      rule: 'hostfwd-address-unreachable',
      name: `hostfwd ${JSON.stringify(bad)}`,
      near: withCards(user('a', { hostfwd: [near] })),
      bad: withCards(user('a', { hostfwd: [bad] })),
      edit: (argv) => replaced(argv, `hostfwd=${near}`, `hostfwd=${bad}`),
      expect: { accepts: 'QEMU listens, and no system lets anybody connect to such an address' },
    };
  });
}
