/** A connection to a unix socket of which a number of bytes is read at a time. */
import { connect } from 'node:net';

export interface Connection {
  readonly write: (bytes: Uint8Array | string) => void;
  /** Exactly so many bytes; fails when the other side ends before. */
  readonly read: (length: number) => Promise<Buffer>;
  readonly close: () => void;
}

export function connection(path: string): Connection {
  const socket = connect(path);
  let bytes = Buffer.alloc(0);
  let isEnded = false;
  let wake: () => void = () => {};
  socket.on('data', (more: Buffer) => {
    bytes = Buffer.concat([bytes, more]);
    wake();
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    isEnded = true;
    wake();
  });
  return {
    write: (data) => {
      socket.write(data);
    },
    read: async (length) => {
      while (bytes.length < length) {
        if (isEnded) throw new Error(`QEMU has sent ${bytes.length} bytes of ${length}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const taken = bytes.subarray(0, length);
      bytes = bytes.subarray(length);
      return taken;
    },
    close: () => socket.destroy(),
  };
}
