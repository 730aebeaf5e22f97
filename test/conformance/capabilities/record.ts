/**
 * Records what a QEMU has, for `src/qemu/builds/`: `npm run capabilities`, with QEMU_PREFIX for one that is not installed.
 * A build that is new there also belongs into the list of `src/qemu/builds.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedBuild, RecordedTarget } from '../../../src/qemu/builds.ts';
import { runInPlace } from '../in_place.ts';
import { Sandbox } from '../qemu/sandbox.ts';
import {
  ARCHITECTURES,
  type Architecture,
  BINARIES,
  findProgram,
  LOGS,
  PROJECT,
  readSettings,
} from '../settings.ts';
import { backendsOf, buildOf, type Capabilities, capabilitiesOf } from './ask.ts';

const LINE_CHARACTERS = 110;

async function main(): Promise<void> {
  const { path, prefix } = readSettings([], process.env);
  runInPlace(prefix);
  const program = (arch: Architecture): string => {
    const found = findProgram(BINARIES[arch], path);
    if (found === null) throw new Error(`not installed: ${BINARIES[arch]}`);
    return found;
  };
  mkdirSync(LOGS, { recursive: true });
  const sandbox = new Sandbox();
  const build = await buildOf(program('x86_64'), sandbox);
  const backends = await backendsOf(program('x86_64'), sandbox);
  const asked = new Map<Architecture, Capabilities>();
  for (const arch of ARCHITECTURES) asked.set(arch, await capabilitiesOf(program(arch), arch, sandbox));
  const file = join(PROJECT, `src/qemu/builds/${build.version}.json`);
  writeFileSync(file, `${textOf({ ...build, ...recorded(asked, backends) })}\n`);
  process.stdout.write(`${build.package}: ${file}\n`);
}

/** What all architectures have is said once. */
function recorded(
  asked: ReadonlyMap<Architecture, Capabilities>,
  backends: RecordedBuild['backends'],
): Omit<RecordedBuild, keyof Build> {
  const all = [...asked.values()];
  const everywhere = (all[0] as Capabilities).devices.filter((device) =>
    all.every(({ devices }) => devices.includes(device)),
  );
  const targets = [...asked].map(([arch, one]): [Architecture, RecordedTarget] => [
    arch,
    {
      machines: one.machines,
      deprecated_machines: one.deprecatedMachines,
      cpus: one.cpus,
      small_cpus: one.smallCpus,
      devices: one.devices.filter((device) => !everywhere.includes(device)),
      incomplete_on_tcg: bySet(one.incomplete),
    },
  ]);
  return {
    devices: everywhere,
    in_modules: [...new Set(all.flatMap(({ inModules }) => inModules))].sort(),
    backends,
    targets: Object.fromEntries(targets) as Record<Architecture, RecordedTarget>,
  };
}

type Build = Awaited<ReturnType<typeof buildOf>>;

/** Many models lack the same. */
function bySet(incomplete: Capabilities['incomplete']): RecordedTarget['incomplete_on_tcg'] {
  const sets = new Map<string, { readonly cpus: string[]; readonly lack: readonly string[] }>();
  for (const [cpu, lack] of Object.entries(incomplete)) {
    const key = lack.join();
    const same = sets.get(key) ?? { cpus: [], lack };
    same.cpus.push(cpu);
    sets.set(key, same);
  }
  return [...sets.values()];
}

/** JSON with lists of words filled to the width of a line. */
function textOf(value: unknown, indent = ''): string {
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    if (value.every((one) => typeof one === 'string')) return filled(value as string[], indent);
    return `[\n${value.map((one) => deeper + textOf(one, deeper)).join(',\n')}\n${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${deeper}${JSON.stringify(name)}: ${textOf(member, deeper)}`,
  );
  return `{\n${members.join(',\n')}\n${indent}}`;
}

function filled(words: readonly string[], indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const [index, word] of words.entries()) {
    const text = `${JSON.stringify(word)}${index === words.length - 1 ? '' : ','}`;
    if (line !== '' && indent.length + 3 + line.length + text.length > LINE_CHARACTERS) {
      lines.push(line);
      line = text;
    } else line += line === '' ? text : ` ${text}`;
  }
  lines.push(line);
  return lines.length === 1
    ? `[${line}]`
    : `[\n${lines.map((one) => `${indent}  ${one}`).join('\n')}\n${indent}]`;
}

await main();
