/** Faults in firmware, clock, what the guest is handed, and the process. */
import { replaced, without, withValue } from '../refused/refused_case.ts';
import { small2 } from '../small_profile.ts';
import type { Canary } from './canaries.ts';

const SECURE = small2('x86_64', { firmware: { type: 'uefi', secure_boot: true, vars: 'i/vars' } });
const BIOS = small2('riscv64', { firmware: { bios: 'b/firmware' } });
const TREE = small2('aarch64', { kernel: { enabled: true, bzimage: 'b/k', dtb: 'b/tree' } });

const GUEST = small2('x86_64', {
  vm: { name: 'canary', uuid: '11111111-2222-3333-4444-555555555555' },
  smbios: { serial: 'a,b', oem_strings: ['first', 'second'] },
  fw_cfg: [
    { name: 'opt/text', text: 'a,b' },
    { name: 'opt/file', file: 'f/file' },
  ],
  rtc: { base: 'localtime', clock: 'vm', driftfix: 'slew' },
});

const PROCESS = small2('x86_64', {
  process: {
    sandbox: true,
    pidfile: 'r/pid',
    start_paused: true,
    on_reboot: 'shutdown',
    on_shutdown: 'pause',
  },
  debug: { gdb_socket: 'r/gdb', log_file: 'l/log', log_items: ['cpu_reset'] },
});

export function processCanaries(): Canary[] {
  const of =
    (profile: Canary['profile']) =>
    (name: string, field: string, edit: Canary['edit']): Canary => ({ name, profile, field, edit });
  const [secure, bios, tree, guest, process] = [SECURE, BIOS, TREE, GUEST, PROCESS].map(of) as [
    ReturnType<typeof of>,
    ReturnType<typeof of>,
    ReturnType<typeof of>,
    ReturnType<typeof of>,
    ReturnType<typeof of>,
  ];
  return [
    secure('firmware that can be written', 'flash', (argv) => replaced(argv, ',readonly=on,id=f', ',id=f')),
    secure('variables of somebody else', 'flash', (argv, { root }) =>
      replaced(argv, `file=${root.replaceAll(',', ',,')}/i/vars`, 'file=/usr/share/OVMF/OVMF_VARS_4M.fd'),
    ),
    secure('flash that the guest can write', 'flash for SMM only', (argv) =>
      replaced(argv, 'property=secure,value=on', 'property=secure,value=off'),
    ),
    secure('no system management mode', 'machine switches', (argv) => replaced(argv, ',smm=on', ',smm=off')),
    bios('QEMU’s own firmware', 'firmware file', (argv) => without(argv, '-bios')),
    tree('QEMU’s own device tree', 'device tree', (argv) => without(argv, '-dtb')),
    guest('another id', 'uuid', (argv) => withValue(argv, '-uuid', '11111111-2222-3333-4444-555555555556')),
    guest('another serial number', 'system for the guest', (argv) =>
      replaced(argv, 'serial=a,,b', 'serial=a'),
    ),
    guest('another order of strings', 'strings for the guest', (argv) =>
      replaced(argv, 'value=first,value=second', 'value=second,value=first'),
    ),
    guest('another text for the guest', 'files for the guest', (argv) => replaced(argv, '=a,,b', '=a')),
    guest('a file under another name', 'files for the guest', (argv) =>
      replaced(argv, 'opt/file', 'opt/fil'),
    ),
    guest('another time', 'clock at start', (argv) => replaced(argv, 'base=localtime', 'base=utc')),
    guest('a clock that goes on', 'clock stands with the guest', (argv) =>
      replaced(argv, 'clock=vm', 'clock=rt'),
    ),
    guest('ticks that are lost', 'missed ticks', (argv) => replaced(argv, ',driftfix=slew', '')),
    process('no sandbox', 'sandbox', (argv) => without(argv, '-sandbox')),
    process('no file of the process id', 'pidfile', (argv) => without(argv, '-pidfile')),
    process('a guest that runs at once', 'run state', (argv) => argv.filter((element) => element !== '-S')),
    process('a restart that is one', 'on reboot', (argv) => replaced(argv, 'reboot=shutdown,', '')),
    process('a shutdown that ends QEMU', 'on shutdown', (argv) => replaced(argv, ',shutdown=pause', '')),
    process('another place for debuggers', 'debugger', (argv) => replaced(argv, '/r/gdb', '/r/gd')),
    process('another log', 'open files', (argv) => replaced(argv, '/l/log', '/l/other')),
    process('nothing in the log', 'resets in the log', (argv) => withValue(argv, '-d', 'unimp')),
  ];
}
