/** Where the name of another file in the header of an image leads, as QEMU reads it. */
import { basename, dirname } from 'node:path';
import type { HostFacts } from '../../facts/host_facts.ts';
import { isAbsolute, resolvePath } from '../../facts/host_paths.ts';
import type { FileName, WrittenName } from '../../facts/image.ts';
import { realPathOf } from '../files.ts';

export type Places = Pick<HostFacts, 'os' | 'project_root'>;

type Place = Pick<FileName, 'format' | 'path' | 'mentions'>;

/** What QEMU takes for a protocol: letters before a colon that no separator precedes. */
const PROTOCOL = /^([^:/\\]*):(.*)$/s;
/** Protocols that are a path all the same. */
const PATH_PROTOCOLS: readonly (string | undefined)[] = ['file', 'host_device', 'host_cdrom'];
const STEP_UP = /(?:^|[\\/])\.\.(?:[\\/]|$)/;

/**
 * Backing files and extents lie beside the file that names them, a data file is looked for in the directory that QEMU runs
 * in. Only of backing files QEMU reads protocols, and what those name is looked for there too.
 */
export async function placeOf(
  { role, text, format }: WrittenName,
  holder: string,
  places: Places,
): Promise<Place> {
  const { os, project_root } = places;
  const at = async (base: string, name: string): Promise<Place> => ({
    format,
    path: await normalised(base, name, os),
    mentions: [],
  });
  // What is not UTF-8 is no path that can be shown or looked at.
  if (text.includes('\ufffd')) return { format, path: null, mentions: [] };
  if (role === 'data') return at(project_root, text);
  const [, protocol, rest = ''] = PROTOCOL.exec(text) ?? [];
  if (role === 'extent' || protocol === undefined || isAbsolute(os, text)) return at(dirname(holder), text);
  if (PATH_PROTOCOLS.includes(protocol)) return at(project_root, rest);
  const options = protocol === 'json' ? flat(parsed(rest)) : [];
  const file = oneFile(options);
  if (file !== null) return { ...(await at(project_root, file.name)), format: format ?? file.driver };
  const texts = options.length === 0 ? [rest] : options.map(([, value]) => String(value));
  return { format, path: null, mentions: await mentionsOf(texts, places) };
}

/** What stands between names in the text of a protocol. */
const SEPARATORS = /[:"'?&=\0]/;

/** All that may be paths in it, as written and as they really are. */
async function mentionsOf(
  texts: readonly string[],
  { os, project_root }: Places,
): Promise<FileName['mentions']> {
  const names = new Set(texts.flatMap((text) => text.split(SEPARATORS)).filter((name) => name !== ''));
  const found = [...names].map(async (name) => {
    const path = await normalised(project_root, name, os);
    return [path, (await realPathOf(path)).path];
  });
  return [...new Set((await Promise.all(found)).flat())];
}

/** QEMU takes single quotes too; `null` for what is no JSON all the same. */
function parsed(text: string): unknown {
  for (const form of [text, text.replaceAll("'", '"')]) {
    try {
      return JSON.parse(form);
    } catch {}
  }
  return null;
}

type Option = readonly [key: string, value: unknown];

/** The options in it by their whole names: `file.driver` is the member `driver` of the member `file`. */
function flat(value: unknown, prefix = ''): Option[] {
  if (typeof value !== 'object' || value === null) return prefix === '' ? [] : [[prefix, value]];
  return Object.entries(value).flatMap(([key, member]) =>
    flat(member, prefix === '' ? key : `${prefix}.${key}`),
  );
}

/** Drivers that show the guest what is in one file, and nothing else. */
const FORMAT_DRIVERS: readonly unknown[] = ['qcow2', 'raw', 'vdi', 'vmdk'];
const FILE_DRIVERS: readonly unknown[] = ['file', undefined];

/** The one file that options describe; `null` where they say anything else. */
function oneFile(options: readonly Option[]): { readonly name: string; readonly driver: string } | null {
  const {
    driver,
    'file.driver': fileDriver,
    'file.filename': name,
    ...more
  }: Record<string, unknown> = Object.fromEntries(options);
  const isPlain = FORMAT_DRIVERS.includes(driver) && FILE_DRIVERS.includes(fileDriver);
  return isPlain && typeof name === 'string' && Object.keys(more).length === 0
    ? { name, driver: String(driver) }
    : null;
}

/** `..` after a link leads out of where the link leads to, so that no text alone tells where that is. */
async function normalised(base: string, text: string, os: HostFacts['os']): Promise<string> {
  if (!STEP_UP.test(text)) return resolvePath(os, base, text);
  const whole = isAbsolute(os, text) ? text : `${base}/${text}`;
  const directory = await realPathOf(dirname(whole));
  return resolvePath(os, directory.path, basename(whole));
}
