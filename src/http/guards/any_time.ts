/** Requests that may take as long as they like to arrive: who reads them sees to it that they go on arriving. */
import type { Socket } from 'node:net';

const sockets = new WeakSet<Socket>();

/** Until the request has been answered, Node's limit on the time of a whole request does not end it. */
export function letTakeAnyTime(socket: Socket): void {
  sockets.add(socket);
}

export function endAnyTime(socket: Socket): void {
  sockets.delete(socket);
}

export function takesAnyTime(socket: Socket): boolean {
  return sockets.has(socket);
}
