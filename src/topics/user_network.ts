/** `user` interfaces: the network that QEMU makes by itself, which needs no rights on the host. */
import type { HostFacts } from '../facts/host_facts.ts';
import { absolutePath, namedPath } from '../needs/named_path.ts';
import { fieldOf } from '../profile/path.ts';
import { show } from '../profile/show.ts';
import { optionValue } from '../qemu/escape.ts';
import { parseHostForward, printHostForward } from './host_forward.ts';
import { interfacesOfType, type Placed } from './network_keys.ts';
import type { DraftInterface, Issues } from './profile.ts';
import type { Topic } from './topic.ts';
import { type UserSubnet, userSubnetOf } from './user_subnet.ts';

export const userNetwork: Topic = {
  checkProfile: (draft, issues) => {
    const placed = interfacesOfType(draft, 'user');
    const sound = placed.filter((each) => subnetRule(each, issues));
    for (const each of placed) bootFileRule(each, issues);
    for (const each of sound) addressRules(each, issues);
    if (draft.schema_version !== 1) sameSubnetRule(sound, issues);
  },
  needs: (draft, facts) =>
    interfacesOfType(draft, 'user').flatMap(({ one: { tftp }, at }) =>
      tftp === undefined
        ? []
        : [
            {
              kind: 'directory' as const,
              ...namedPath(facts, [...at, 'tftp'], tftp),
              access: 'read' as const,
              isServed: true as const,
            },
          ],
    ),
};

/** Whether the network is known, and one that guests can be in. QEMU silently cuts off bits that are too many. */
function subnetRule({ at, one }: Placed, { error, isRefused }: Issues): boolean {
  const { subnet } = one;
  if (subnet === undefined) return !isRefused([...at, 'subnet']);
  const [address = ''] = subnet.split('/');
  const { network, text } = userSubnetOf(one);
  const first = Number(address.split('.')[0]);
  if (address !== network) {
    error(
      [...at, 'subnet'],
      'invalid-subnet',
      (field) =>
        `${field} is ${show(subnet)}, which is an address in the network and not the network itself.`,
      `Write ${show(text.replace(address, network))}.`,
    );
    return false;
  }
  if (first !== 0 && first !== 127 && first < 224) return true;
  error(
    [...at, 'subnet'],
    'invalid-subnet',
    (field) => `${field} is ${show(subnet)}, of which no machine can have an address.`,
  );
  return false;
}

/** QEMU refuses a gateway that is elsewhere, and one address for two. A name server may be anywhere, unless that is cut off. */
function addressRules({ at, one }: Placed, issues: Issues): void {
  const { host_address, dns_address, restrict } = one;
  if (host_address === undefined && dns_address === undefined) return;
  const subnet = userSubnetOf(one);
  const { network, broadcast, host, dns, guest } = subnet;
  if (host_address !== undefined) {
    const place = [...at, 'host_address'] as const;
    if (!subnet.has(host)) outsideRule(place, host, `not in ${subnet.text}`, issues);
    else if (dns_address === undefined && host === dns) twiceRule(place, host, 'the name server', issues);
  }
  if (dns_address !== undefined && dns === host)
    twiceRule([...at, 'dns_address'], dns, 'the gateway', issues);
  if (dns_address !== undefined && restrict === true && !subnet.has(dns)) {
    const cutOff = `not in ${subnet.text}, and restrict cuts the guest off from all else`;
    outsideRule([...at, 'dns_address'], dns, cutOff, issues);
  }
  for (const key of ['host_address', 'dns_address'] as const) {
    const address = one[key];
    if (address === network) outsideRule([...at, key], address, 'the network itself', issues);
    if (address === broadcast) outsideRule([...at, key], address, 'its broadcast address', issues);
    if (address === guest) twiceRule([...at, key], address, 'the guest', issues);
  }
}

type AddressPlace = readonly ['network', 'interfaces', number, 'host_address' | 'dns_address'];

function outsideRule(at: AddressPlace, address: string, what: string, { error }: Issues): void {
  error(at, 'address-outside-subnet', (field) => `${field} is ${address}, which is ${what}.`);
}

function twiceRule(at: AddressPlace, address: string, whose: string, { error }: Issues): void {
  error(
    at,
    'address-twice',
    (field) => `${field} is ${address}, which is the address of ${whose} in this network.`,
  );
}

/** Each has a stack of its own, so that QEMU does not mind; the guest has two ways to one network. */
function sameSubnetRule(placed: readonly Placed[], { warning }: Issues): void {
  for (const [index, { at, one }] of placed.entries()) {
    const subnet = userSubnetOf(one);
    const other = placed.slice(0, index).find((each) => overlap(userSubnetOf(each.one), subnet));
    if (other === undefined) continue;
    warning(
      [...at, 'subnet'],
      'same-subnet-twice',
      (field) =>
        `${field} is ${subnet.text}, and ${fieldOf(other.at)} has addresses of it too; the guest would have two ways to one network.`,
    );
  }
}

/** Networks have no part in common but the smaller one. */
function overlap(left: UserSubnet, right: UserSubnet): boolean {
  return left.has(right.network) || right.has(left.network);
}

/** A boot loader that knows URLs needs no directory. */
function bootFileRule({ at, one: { tftp, bootfile } }: Placed, { error, isRefused }: Issues): void {
  if (bootfile === undefined || tftp !== undefined || bootfile.includes('://')) return;
  if (isRefused([...at, 'tftp'])) return;
  error(
    [...at, 'bootfile'],
    'bootfile-needs-tftp',
    (field) => `${field} is ${show(bootfile)}, and there is no directory that it is in.`,
  );
}

/** The value of `-netdev`, in the order in which QEMU documents the options. */
export function userNetdev(one: DraftInterface, facts: HostFacts): string {
  const { name, subnet, host_address, dns_address, hostname, ipv6, restrict, tftp, bootfile, hostfwd } = one;
  const option = (key: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`${key}=${optionValue(value)}`];
  return [
    'user',
    `id=${name}`,
    ...option('net', subnet),
    ...option('host', host_address),
    ...option('dns', dns_address),
    ...option('hostname', hostname),
    ...(ipv6 === false ? ['ipv6=off'] : []),
    ...(restrict === true ? ['restrict=on'] : []),
    ...option('tftp', tftp === undefined ? undefined : absolutePath(facts, tftp)),
    ...option('bootfile', bootfile),
    ...(hostfwd ?? []).flatMap((rule) =>
      rule === undefined ? [] : [`hostfwd=${printHostForward(parseHostForward(rule))}`],
    ),
  ].join(',');
}
