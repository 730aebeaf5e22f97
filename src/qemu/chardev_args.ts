import type { ResolvedContext, SerialPort } from '../context/resolve_context.ts';
import { unixSocket } from './escape.ts';
import { type Part, part } from './part.ts';
import { pathWhy } from './why.ts';

export function qmpArgs({ qmpSocket }: ResolvedContext): Part[] {
  if (qmpSocket === null) return [];
  return [part('qmp', ['-qmp', unixSocket(qmpSocket.path)], ['/qmp/socket'], pathWhy(qmpSocket))];
}

export function serialArgs({ serial }: ResolvedContext): Part[] {
  return serial === null ? [] : [serialPart(serial)];
}

function serialPart(serial: SerialPort): Part {
  if (serial.mode === 'pty' || serial.mode === 'none')
    return part('serial', ['-serial', serial.mode], ['/serial/mode']);
  const { mode, target, pointer } = serial;
  // QEMU takes everything after `file:` as the name, so a comma is not doubled there.
  const value = mode === 'file' ? `file:${target.path}` : unixSocket(target.path);
  return part('serial', ['-serial', value], ['/serial/mode', pointer], pathWhy(target));
}
