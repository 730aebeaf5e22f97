/** Faults in serial ports, consoles, channels and small devices. */
import { replaced, without } from '../refused/refused_case.ts';
import { small2 } from '../small_profile.ts';
import type { Canary } from './canaries.ts';

const ENDS = small2('x86_64', {
  serial: {
    enabled: true,
    mode: 'tcp',
    port: 24500,
    ports: [{ name: 'a', mode: 'socket', device: 'r/p' }],
  },
  consoles: [
    { name: 'a', mode: 'tcp', port: 24501, telnet: true },
    { name: 'b', mode: 'file', logfile: 'l/b', append: true },
  ],
  channels: [
    { name: 'one', socket: 'r/one' },
    { name: 'two', socket: 'r/two' },
  ],
  qmp: { socket: 'r/q', extra_sockets: ['r/x'] },
  monitor: { enabled: true, socket: 'r/m' },
  devices: { rng: true, balloon: true, free_page_reporting: true, panic: true, watchdog: 'pause' },
});

export function consoleCanaries(): Canary[] {
  const fault = (name: string, field: string, edit: Canary['edit']): Canary => ({
    name,
    profile: ENDS,
    field,
    edit,
  });
  return [
    fault('another port', 'character devices', (argv) => replaced(argv, 'port=24501', 'port=24502')),
    fault('every address', 'open ports', (argv) => replaced(argv, 'host=127.0.0.1', 'host=::')),
    fault('no telnet', 'character devices', (argv) => replaced(argv, ',telnet=on', '')),
    fault('a log that is emptied', 'kept logs', (argv) => replaced(argv, ',append=on', '')),
    fault('another log', 'open files', (argv) => replaced(argv, '/l/b,append', '/l/c,append')),
    fault('another socket of a port', 'character devices', (argv) => replaced(argv, '/r/p,', '/r/pp,')),
    fault('channels in another order', 'virtio ports', (argv) =>
      replaced(
        replaced(replaced(argv, 'channel-one', 'channel-xxx'), 'channel-two', 'channel-one'),
        'channel-xxx',
        'channel-two',
      ),
    ),
    fault('another name of a channel', 'virtio ports', (argv) =>
      replaced(argv, '"name":"one"', '"name":"other"'),
    ),
    fault('no monitor', 'character devices', (argv) => without(argv, '-monitor')),
    fault('a socket of QMP elsewhere', 'character devices', (argv) => replaced(argv, '/r/x,', '/r/y,')),
    fault('a balloon that reports nothing', 'balloon', (argv) =>
      replaced(argv, '"free-page-reporting":true,', ''),
    ),
    fault('a balloon that stays', 'balloon', (argv) => replaced(argv, '"deflate-on-oom":true,', '')),
    fault('another watchdog', 'watchdog', (argv) => replaced(argv, 'i6300esb', 'ib700')),
    fault('another panic device', 'panic', (argv) => replaced(argv, '"pvpanic"', '"pvpanic-pci"')),
    fault('devices in other slots', 'PCI slots', (argv) =>
      replaced(argv, '{"driver":"virtio-rng-pci"', '{"addr":"0x1d","driver":"virtio-rng-pci"'),
    ),
    fault('random numbers from a file', 'objects', (argv) =>
      replaced(argv, 'rng-builtin,id=rng0', 'rng-random,id=rng0,filename=/dev/urandom'),
    ),
  ];
}
