import { bootFiles, type ResolvedContext } from '../context/resolve_context.ts';
import { boundAddress, type HostForward } from '../profile/hostfwd.ts';
import { BRIDGE } from '../qemu/network_args.ts';
import type { JsonStrings } from './json_strings.ts';

/** Everything of the host that a start reads, writes, listens on or joins; sorted by code point, unique. */
export function affectedResources(context: ResolvedContext, { compare }: JsonStrings): string[] {
  const { acceleration, images, shares, cards, qmpSocket, serial, kernel } = context;
  const resources: string[] = [];
  if (acceleration === 'kvm') resources.push('device:/dev/kvm');
  for (const { file } of images) resources.push(`path:${file.path}`);
  for (const { directory } of shares) resources.push(`path:${directory.path}`);
  for (const { type, name, forwards } of cards) {
    for (const forward of forwards) resources.push(portResource(forward));
    if (type !== 'user') resources.push(`netdev:${name}`);
    if (type === 'bridge') resources.push(`netdev:${BRIDGE}`);
  }
  if (qmpSocket !== null) resources.push(`socket:unix:${qmpSocket.path}`);
  if (serial?.mode === 'socket') resources.push(`socket:unix:${serial.target.path}`);
  if (serial?.mode === 'file') resources.push(`path:${serial.target.path}`);
  for (const file of bootFiles(kernel)) resources.push(`path:${file.path}`);
  resources.sort(compare);
  return resources.filter((resource, index) => resource !== resources[index - 1]);
}

/** `port:<protocol>:<address>:<port>`, with the address that QEMU really binds. */
export function portResource(forward: HostForward): string {
  return `port:${forward.protocol}:${boundAddress(forward)}:${forward.hostPort}`;
}
