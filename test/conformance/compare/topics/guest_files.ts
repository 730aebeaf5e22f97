/** `[[fw_cfg]]`, `[smbios]` and `vm.uuid`: what QEMU hands its guest, read by the way the guest's firmware reads it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Architecture } from '../../settings.ts';
import type { Asked, Seen, Topic } from './topic.ts';

const NO_UUID = '00000000-0000-0000-0000-000000000000';

/** The strings of the table of the system, in the order of their numbers' places. */
const SYSTEM_FIELDS = { manufacturer: 4, product: 5, version: 6, serial: 7, sku: 25, family: 26 } as const;
type SystemField = keyof typeof SYSTEM_FIELDS;

/** Something else for each file. */
function contentOf(name: string): string {
  return `content of ${name}\0\n`;
}

function filesOf({ profile: { fw_cfg = [] } }: Asked): [string, string][] {
  return fw_cfg.map(({ name, text }) => [name, text ?? contentOf(name)]);
}

function hasDevice(arch: Architecture): boolean {
  return arch === 'x86_64' || arch === 'aarch64';
}

export const guestFiles: Topic = {
  make: ({ profile: { fw_cfg = [] }, place }) => {
    for (const { name, file } of fw_cfg) {
      if (file === undefined) continue;
      mkdirSync(dirname(place(file)), { recursive: true });
      writeFileSync(place(file), contentOf(name));
    }
  },
  means: (asked) => {
    const { vm, smbios = {} } = asked.profile;
    const { oem_strings = [], ...system } = smbios;
    return {
      uuid: vm.uuid?.toLowerCase() ?? NO_UUID,
      ...(hasDevice(asked.arch) && {
        'files for the guest': Object.fromEntries(filesOf(asked).sort()),
        'system for the guest': { ...(vm.uuid && { uuid: vm.uuid.toLowerCase() }), ...system },
        'strings for the guest': oem_strings,
      }),
    };
  },
  seen: async (seen, asked) => {
    const { UUID: uuid } = await seen.qmp.ask<{ UUID: string }>('query-uuid');
    if (!hasDevice(asked.arch)) return { uuid };
    const files = await deviceFiles(seen, asked.arch);
    const given = [...files].filter(([name]) => name.startsWith('opt/'));
    const tables = smbiosTables(files.get('etc/smbios/smbios-tables') ?? Buffer.alloc(0));
    const system = tables.find(({ type }) => type === 1);
    const { vm, smbios = {} } = asked.profile;
    const fields = (Object.keys(SYSTEM_FIELDS) as SystemField[]).filter((name) => smbios[name] !== undefined);
    return {
      uuid,
      'files for the guest': Object.fromEntries(given.map(([name, content]) => [name, String(content)])),
      'system for the guest': {
        ...(vm.uuid && { uuid: system && uuidOf(system.data) }),
        ...Object.fromEntries(fields.map((name) => [name, system?.text(SYSTEM_FIELDS[name])])),
      },
      'strings for the guest': tables.flatMap(({ type, strings }) => (type === 11 ? strings : [])),
    };
  },
};

/** Memory of the guest that nothing of QEMU's own lies in. */
const ROOM: Readonly<Record<string, number>> = { x86_64: 0x200000, aarch64: 0x40200000 };
const DIRECTORY = 0x19;
const ENTRY_BYTES = 64;

/** All that the device has under a name, read as a guest does: it says what it wants and where to. */
async function deviceFiles(seen: Seen, arch: Architecture): Promise<Map<string, Buffer>> {
  const count = (await transferred(seen, arch, DIRECTORY, 4)).readUInt32BE(0);
  const directory = await transferred(seen, arch, DIRECTORY, 4 + count * ENTRY_BYTES);
  const files = new Map<string, Buffer>();
  for (let index = 0; index < count; index++) {
    const entry = directory.subarray(4 + index * ENTRY_BYTES, 4 + (index + 1) * ENTRY_BYTES);
    const name = String(entry.subarray(8)).replace(/\0.*$/s, '');
    if (!/^opt[/]|smbios-tables$/.test(name)) continue;
    files.set(name, await transferred(seen, arch, entry.readUInt16BE(4), entry.readUInt32BE(0)));
  }
  return files;
}

/** Select, and read. */
const CONTROL = 0x0a;

async function transferred({ qtest }: Seen, arch: Architecture, key: number, bytes: number): Promise<Buffer> {
  if (bytes === 0) return Buffer.alloc(0);
  const request = ROOM[arch] as number;
  const target = request + 4096;
  const command = Buffer.alloc(16);
  command.writeUInt32BE(key * 0x10000 + CONTROL, 0);
  command.writeUInt32BE(bytes, 4);
  command.writeBigUInt64BE(BigInt(target), 8);
  await qtest.ask(`write ${request} ${command.length} 0x${command.toString('hex')}`);
  const place = Buffer.alloc(8);
  place.writeBigUInt64BE(BigInt(request));
  if (arch === 'aarch64') await qtest.ask(`writeq 0x9020010 ${place.readBigUInt64LE()}`);
  else {
    await qtest.ask(`outl 0x514 ${place.readUInt32LE(0)}`);
    await qtest.ask(`outl 0x518 ${place.readUInt32LE(4)}`);
  }
  return Buffer.from((await qtest.ask(`read ${target} ${bytes}`)).slice('0x'.length), 'hex');
}

interface SmbiosTable {
  readonly type: number;
  readonly data: Buffer;
  readonly strings: readonly string[];
  /** The string whose number stands there. */
  readonly text: (place: number) => string | undefined;
}

/** Tables one after the other: a part whose length it says itself, and strings up to an empty one. */
function smbiosTables(bytes: Buffer): SmbiosTable[] {
  const tables: SmbiosTable[] = [];
  for (let start = 0; start + 4 <= bytes.length; ) {
    const data = bytes.subarray(start, start + Number(bytes[start + 1]));
    const end = bytes.indexOf('\0\0', start + data.length, 'latin1');
    const text = String(bytes.subarray(start + data.length, end));
    const strings = text === '' ? [] : text.split('\0');
    tables.push({ type: Number(data[0]), data, strings, text: (place) => strings[Number(data[place]) - 1] });
    start = end + 2;
  }
  return tables;
}

/** Its first three parts are numbers of little endian. */
function uuidOf(data: Buffer): string {
  const part = (from: number, to: number): Buffer => Buffer.from(data.subarray(from, to));
  return [part(8, 12).reverse(), part(12, 14).reverse(), part(14, 16).reverse(), part(16, 18), part(18, 24)]
    .map((bytes) => bytes.toString('hex'))
    .join('-');
}
