import type { ResolvedContext, SerialPort } from '../context/resolve_context.ts';
import { madeOnce } from '../profile/made_once.ts';
import { unixSocket } from './escape.ts';
import { origin, type Part } from './part.ts';
import { pathWhy } from './why.ts';

const qmpOrigin = madeOnce((why: string | null) => origin('qmp', ['/qmp/socket'], why));
const SERIAL_MODE = origin('serial', ['/serial/mode']);
const serialOrigin = madeOnce((pointer: string) =>
  madeOnce((why: string | null) => origin('serial', ['/serial/mode', pointer], why)),
);

export function qmpArgs({ qmpSocket }: ResolvedContext): Part[] {
  return qmpSocket === null
    ? []
    : [{ origin: qmpOrigin(pathWhy(qmpSocket)), elements: ['-qmp', unixSocket(qmpSocket.path)] }];
}

export function serialArgs({ serial }: ResolvedContext): Part[] {
  return serial === null ? [] : [serialPart(serial)];
}

function serialPart(serial: SerialPort): Part {
  if (serial.mode === 'pty' || serial.mode === 'none')
    return { origin: SERIAL_MODE, elements: ['-serial', serial.mode] };
  const { mode, target, pointer } = serial;
  // QEMU takes everything after `file:` as the name, so a comma is not doubled there.
  const value = mode === 'file' ? `file:${target.path}` : unixSocket(target.path);
  return { origin: serialOrigin(pointer)(pathWhy(target)), elements: ['-serial', value] };
}
