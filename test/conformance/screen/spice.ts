/** A viewer for SPICE, as far as it gets in: the link of its main channel. */
import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { type Connection, connection } from './connection.ts';
import type { Welcome } from './viewer.ts';

const MAGIC = 'REDQ';
const VERSION = [2, 2] as const;
const HEADER = 16;
const MAIN_CHANNEL = 1;
/** The message itself, without capabilities after it. */
const MESSAGE = 18;
const KEY = { start: 4, end: 4 + 162 };

export async function viewBySpice(socket: string, password: string): Promise<Welcome> {
  const spice = connection(socket);
  try {
    return await link(spice, password);
  } finally {
    spice.close();
  }
}

async function link(spice: Connection, password: string): Promise<Welcome> {
  const hello = Buffer.alloc(HEADER + MESSAGE);
  hello.write(MAGIC);
  for (const [index, number] of [...VERSION, MESSAGE].entries()) hello.writeUInt32LE(number, 4 + 4 * index);
  hello[HEADER + 4] = MAIN_CHANNEL;
  hello.writeUInt32LE(MESSAGE, HEADER + 14);
  spice.write(hello);
  const header = await spice.read(HEADER);
  if (header.toString('latin1', 0, 4) !== MAGIC) throw new Error(`QEMU says ${header.toString('hex')}`);
  const answer = await spice.read(header.readUInt32LE(12));
  if (answer.readUInt32LE() !== 0) throw new Error(`SPICE refuses the link: ${answer.readUInt32LE()}`);
  const key = createPublicKey({ key: answer.subarray(KEY.start, KEY.end), format: 'der', type: 'spki' });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  spice.write(publicEncrypt({ key, padding, oaepHash: 'sha1' }, Buffer.from(`${password}\0`)));
  // It asks in any case, and takes any password where it has none.
  const isIn = (await spice.read(4)).readUInt32LE() === 0;
  return { asksPassword: null, isIn, name: null };
}
