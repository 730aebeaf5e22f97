/** The canonical text of a profile: TOML 1.0 that a second implementation writes byte for byte alike. */
import type { Disk, Interface, Profile } from './profile.ts';

/** Writes a text as what stands between the quotes of a basic string. */
type StringWriter = (text: string) => string;

/** Keys by code point, plain values before sub-tables, a header for each table with plain values; ends in one LF. */
export function canonicalToml(profile: Profile, inside: StringWriter = escaped): string {
  const { schema_version, vm, hardware, storage, network, serial, qmp, console, kernel } = profile;
  const optional = (key: string, text: string | undefined): string =>
    text === undefined ? '' : `${key} = "${inside(text)}"\n`;
  return `schema_version = ${schema_version}

[console]
auto_attach = ${console.auto_attach}
escape_sequence = "${inside(console.escape_sequence)}"

[hardware]
acceleration = "${hardware.acceleration}"
arch = "${hardware.arch}"
cores = ${hardware.cores}
${optional('cpu', hardware.cpu)}memory_mb = ${hardware.memory_mb}

[kernel]
append = "${inside(kernel.append)}"
${optional('bzimage', kernel.bzimage)}enabled = ${kernel.enabled}
${optional('initrd', kernel.initrd)}${interfacesText(network.interfaces)}
[qmp]
enabled = ${qmp.enabled}
${optional('socket', qmp.socket)}
[serial]
${optional('device', serial.device)}enabled = ${serial.enabled}
${optional('logfile', serial.logfile)}mode = "${serial.mode}"
${disksText(storage.disks, inside)}
[vm]
description = "${inside(vm.description)}"
name = "${vm.name}"
${optional('qemu_binary', vm.qemu_binary)}`;
}

/** The schema's patterns leave nothing to escape in them. */
function interfacesText(interfaces: readonly Interface[]): string {
  if (interfaces.length === 0) return '\n[network]\ninterfaces = []\n';
  let text = '';
  for (const { name, type, hostfwd, mac } of interfaces) {
    const rules = hostfwd.length === 0 ? '' : `"${hostfwd.join('", "')}"`;
    const address = mac === undefined ? '' : `mac = "${mac}"\n`;
    text += `\n[[network.interfaces]]\nhostfwd = [${rules}]\n${address}name = "${name}"\ntype = "${type}"\n`;
  }
  return text;
}

function disksText(disks: readonly Disk[], inside: StringWriter): string {
  if (disks.length === 0) return '\n[storage]\ndisks = []\n';
  let text = '';
  for (const { name, path, format, size_gb, boot, readonly } of disks) {
    text += `\n[[storage.disks]]\nboot = ${boot}\nformat = "${format}"\nname = "${name}"\npath = "${inside(path)}"\n`;
    text += `readonly = ${readonly}\n${size_gb === undefined ? '' : `size_gb = ${size_gb}\n`}`;
  }
  return text;
}

function escaped(text: string): string {
  return text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}
