/** Changes what this machine cannot have in a profile, so that what is left is tried for real. */
import { posix } from 'node:path';
import { parseProfile } from '../../../src/planning/parse_profile.ts';
import type { AnyKey } from '../../../src/profile/key.ts';
import type { Path } from '../../../src/profile/path.ts';
import { needsOf } from '../../../src/topics/index.ts';
import { PROFILE, type ProfileDocument } from '../../../src/topics/profile.ts';
import type { Lane } from '../lane.ts';
import { type Architecture, BINARIES, MOST_PSERIES_MB } from '../settings.ts';

type Interface = NonNullable<NonNullable<ProfileDocument['network']>['interfaces']>[number];

const LONGEST_SOCKET = 107;

/** The same profile for this machine under tcg; `root` is the project root that its absolute paths may be in. */
export function fit(profile: ProfileDocument, lane: Lane, root: string = lane.root): ProfileDocument {
  const placed = withPaths(PROFILE, profile, placer(profile, lane, root)) as ProfileDocument;
  const { hardware, network } = placed;
  const { vm } = profile;
  return {
    ...placed,
    vm: { ...vm, ...(vm.qemu_binary && { qemu_binary: fitBinary(vm.qemu_binary, hardware.arch, lane) }) },
    hardware: fitHardware(hardware),
    ...(network?.interfaces && {
      network: { interfaces: network.interfaces.map((card, index) => fitCard(card, index, lane)) },
    }),
  };
}

/** A copy of a value in which each path is placed; the schema says what is a path. */
function withPaths(
  key: AnyKey | undefined,
  value: unknown,
  place: (path: string, at: Path) => string,
  at: Path = [],
): unknown {
  switch (key?.kind) {
    case 'table': {
      const members = Object.entries(value as object);
      return Object.fromEntries(
        members.map(([name, member]) => [name, withPaths(key.keys[name], member, place, [...at, name])]),
      );
    }
    case 'list':
      return (value as unknown[]).map((one, index) => withPaths(key.element, one, place, [...at, index]));
    case 'text':
      return key.isPath ? place(String(value), at) : value;
    default:
      return value;
  }
}

/**
 * Paths that lead out of the lane's folder lead to the place beside the project root instead. Sockets are never under /tmp,
 * and short.
 */
function placer(profile: ProfileDocument, lane: Lane, root: string): (path: string, at: Path) => string {
  const needs = needsOf(parseProfile(profile).draft, lane.facts);
  const sockets = new Set(needs.flatMap(({ kind, at }) => (kind === 'socket' ? [at.join('.')] : [])));
  const place = (path: string): string => {
    if (path.startsWith(`${root}/`)) return lane.root + path.slice(root.length);
    return posix.resolve(lane.root, path).startsWith(`${lane.folder}/`) ? path : `${lane.outside}/${path}`;
  };
  return (path, at) => {
    const name = at.join('.');
    if (!sockets.has(name)) return place(path);
    const placed = place(path.replace(/^\/tmp\//, ''));
    return Buffer.byteLength(posix.resolve(lane.root, placed)) > LONGEST_SOCKET ? `run/,${name}=` : placed;
  };
}

/** Any name of QEMU works, but what it names has to be there: a link to the architecture's QEMU. */
function fitBinary(binary: string, arch: Architecture, lane: Lane): string {
  return binary === BINARIES[arch]
    ? binary
    : `${lane.binaries}/${arch}/../${posix.basename(binary).replace(/\.exe$/, '')}`;
}

function fitHardware(hardware: ProfileDocument['hardware']): ProfileDocument['hardware'] {
  const { arch, cpu, memory_mb, acceleration } = hardware;
  const isNative = acceleration === 'kvm' || acceleration === 'hvf' || acceleration === 'whpx';
  const model = arch === 'riscv64' ? 'rv64' : 'max';
  return {
    ...hardware,
    ...(isNative && { acceleration: 'tcg' }),
    ...(cpu?.startsWith('host') && (isNative || cpu !== 'host') && { cpu: cpu.replace('host', model) }),
    ...(arch === 'ppc64le' && memory_mb > MOST_PSERIES_MB && { memory_mb: MOST_PSERIES_MB }),
  };
}

/** Without a network of its own QEMU shares the ports of this machine: loopback, from 20000. */
function fitCard(card: Interface, index: number, { sandbox }: Lane): Interface {
  if (sandbox.isPrivate || card.hostfwd === undefined) return card;
  const hostfwd = card.hostfwd.map((rule, number) => {
    const [host = '', guest = ''] = rule.split('-');
    return `${host.split(':')[0]}:127.0.0.1:${20000 + index * 1000 + number}-${guest}`;
  });
  return { ...card, hostfwd };
}
