/** A viewer for VNC, as far as it gets in: the handshake of the RFB protocol 3.8 (RFC 6143). */
import { createCipheriv } from 'node:crypto';
import { type Connection, connection } from './connection.ts';
import type { Welcome } from './viewer.ts';

const VERSION = 'RFB 003.008\n';
const NO_AUTHENTICATION = 1;
const VNC_AUTHENTICATION = 2;
const CHALLENGE = 16;
const PASSWORD = 8;

export async function viewByVnc(socket: string, password: string): Promise<Welcome> {
  const vnc = connection(socket);
  try {
    return await handshake(vnc, password);
  } finally {
    vnc.close();
  }
}

async function handshake(vnc: Connection, password: string): Promise<Welcome> {
  const version = await vnc.read(VERSION.length);
  if (version.toString() !== VERSION) throw new Error(`QEMU says ${JSON.stringify(version.toString())}`);
  vnc.write(VERSION);
  const types = await vnc.read((await vnc.read(1))[0] as number);
  const asksPassword = !types.includes(NO_AUTHENTICATION);
  vnc.write(Uint8Array.of(asksPassword ? VNC_AUTHENTICATION : NO_AUTHENTICATION));
  if (asksPassword) vnc.write(answerTo(await vnc.read(CHALLENGE), password));
  const result = (await vnc.read(4)).readUInt32BE();
  if (result !== 0) return { asksPassword, isIn: false, name: null };
  // Others may look at the screen too.
  vnc.write(Uint8Array.of(1));
  const start = await vnc.read(24);
  const name = await vnc.read(start.readUInt32BE(20));
  return { asksPassword, isIn: true, name: name.toString() };
}

/** DES, with the bits of each byte of the key in the other order; three times DES with one key is DES. */
function answerTo(challenge: Buffer, password: string): Buffer {
  const key = Buffer.alloc(PASSWORD);
  key.write(password);
  const mirrored = key.map((byte) =>
    Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2),
  );
  const des = createCipheriv('des-ede3', Buffer.concat([mirrored, mirrored, mirrored]), null);
  return des.setAutoPadding(false).update(challenge);
}
