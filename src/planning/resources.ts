import type { ResolvedContext } from '../context/resolve_context.ts';
import { boundAddress, type HostForward } from '../profile/hostfwd.ts';
import { compareCodePoints } from '../profile/text.ts';
import { BRIDGE } from '../qemu/network_args.ts';

/** Everything of the host that a start reads, writes, listens on or joins; sorted by code point, unique. */
export function affectedResources(context: ResolvedContext): string[] {
  const { acceleration, images, shares, cards, qmpSocket, serial, kernel } = context;
  const resources = [
    ...(acceleration === 'kvm' ? ['device:/dev/kvm'] : []),
    ...images.map(({ file }) => `path:${file.path}`),
    ...shares.map(({ directory }) => `path:${directory.path}`),
    ...cards.flatMap((card) => card.forwards.map(portResource)),
    ...cards.flatMap(({ type, name }) => (type === 'user' ? [] : [`netdev:${name}`])),
    ...cards.flatMap(({ type }) => (type === 'bridge' ? [`netdev:${BRIDGE}`] : [])),
    ...(qmpSocket === null ? [] : [`socket:unix:${qmpSocket.path}`]),
    ...(serial?.mode === 'socket' ? [`socket:unix:${serial.target.path}`] : []),
    ...(serial?.mode === 'file' ? [`path:${serial.target.path}`] : []),
    ...(kernel === null ? [] : [`path:${kernel.image.path}`]),
    ...(kernel === null || kernel.initrd === null ? [] : [`path:${kernel.initrd.path}`]),
  ];
  return [...new Set(resources)].sort(compareCodePoints);
}

/** `port:<protocol>:<address>:<port>`, with the address that QEMU really binds. */
export function portResource(forward: HostForward): string {
  return `port:${forward.protocol}:${boundAddress(forward)}:${forward.hostPort}`;
}
