/** The UEFI firmware of this host, as the files say that QEMU's docs/interop/firmware.json describes. */
import { readdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { ARCHITECTURES, FLASH_FORMATS, type HostFirmware } from '../facts/host_facts.ts';
import { compareCodePoints } from '../profile/text.ts';
import { readFirstBytes, thingAt } from './files.ts';

const FlashFile = Type.Object({ filename: Type.String(), format: Type.Enum([...FLASH_FORMATS]) });

/** As much of a descriptor as plans are made from: a pair of flash images, and what it is for. */
const Descriptor = Type.Object({
  'interface-types': Type.Array(Type.String()),
  mapping: Type.Object({
    device: Type.Literal('flash'),
    executable: FlashFile,
    'nvram-template': FlashFile,
  }),
  targets: Type.Array(Type.Object({ architecture: Type.String(), machines: Type.Array(Type.String()) })),
  features: Type.Array(Type.String()),
});

const validator = Compile(Descriptor);

const MOST_BYTES = 65536;

/**
 * In the order of QEMU's specification: by file name, and a name in an earlier directory hides the same name in a later one.
 * What describes something else, or files that are not there, is left out.
 */
export async function readFirmware(directories: readonly string[]): Promise<HostFirmware[]> {
  const files = new Map<string, string>();
  for (const directory of directories) {
    for (const name of await readdir(directory).catch(() => []))
      if (name.endsWith('.json') && !files.has(name)) files.set(name, join(directory, name));
  }
  const names = [...files.keys()].sort(compareCodePoints);
  const read = await Promise.all(names.map((name) => readDescriptor(files.get(name) as string)));
  return read.flat();
}

async function readDescriptor(file: string): Promise<HostFirmware[]> {
  try {
    const described: unknown = JSON.parse((await readFirstBytes(file, MOST_BYTES)).toString('utf8'));
    return validator.Check(described) ? await firmwareOf(described) : [];
  } catch {
    return [];
  }
}

async function firmwareOf(described: Static<typeof Descriptor>): Promise<HostFirmware[]> {
  const { mapping, targets, features } = described;
  const { executable, 'nvram-template': template } = mapping;
  const hasSecureBoot = features.includes('secure-boot');
  const needsSmm = features.includes('requires-smm');
  const areThere = await Promise.all([isFile(executable.filename), isFile(template.filename)]);
  if (!described['interface-types'].includes('uefi') || areThere.includes(false)) return [];
  return ARCHITECTURES.flatMap((arch): HostFirmware[] => {
    const machines = targets
      .filter(({ architecture }) => architecture === arch)
      .flatMap((target) => target.machines);
    // On x86_64 Secure Boot without system management mode protects nothing, and what needs it for another end stays dark.
    const isHalf = arch === 'x86_64' ? hasSecureBoot !== needsSmm : needsSmm;
    if (machines.length === 0 || isHalf) return [];
    return [
      {
        arch,
        code: executable.filename,
        code_format: executable.format,
        machines,
        secure_boot: hasSecureBoot,
        vars_format: template.format,
        vars_template: template.filename,
      },
    ];
  });
}

async function isFile(path: string): Promise<boolean> {
  return isAbsolute(path) && (await thingAt(path)).kind === 'file';
}
