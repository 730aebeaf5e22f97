import { bootFiles, type ResolvedContext } from '../context/resolve_context.ts';
import { boundAddress, type HostForward } from '../profile/hostfwd.ts';
import { compareCodePoints } from '../profile/text.ts';
import { BRIDGE } from '../qemu/network_args.ts';

/** Everything of the host that a start reads, writes, listens on or joins; sorted by code point, unique. */
export function affectedResources(context: ResolvedContext): string[] {
  const { acceleration, images, shares, cards, qmpSocket, serial, kernel } = context;
  const resources = new Set<string>();
  if (acceleration === 'kvm') resources.add('device:/dev/kvm');
  for (const { file } of images) resources.add(`path:${file.path}`);
  for (const { directory } of shares) resources.add(`path:${directory.path}`);
  for (const { type, name, forwards } of cards) {
    for (const forward of forwards) resources.add(portResource(forward));
    if (type !== 'user') resources.add(`netdev:${name}`);
    if (type === 'bridge') resources.add(`netdev:${BRIDGE}`);
  }
  if (qmpSocket !== null) resources.add(`socket:unix:${qmpSocket.path}`);
  if (serial?.mode === 'socket') resources.add(`socket:unix:${serial.target.path}`);
  if (serial?.mode === 'file') resources.add(`path:${serial.target.path}`);
  for (const file of bootFiles(kernel)) resources.add(`path:${file.path}`);
  return [...resources].sort(compareCodePoints);
}

/** `port:<protocol>:<address>:<port>`, with the address that QEMU really binds. */
export function portResource(forward: HostForward): string {
  return `port:${forward.protocol}:${boundAddress(forward)}:${forward.hostPort}`;
}
