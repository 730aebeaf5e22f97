/** `process.on_panic`: the guest's kernel fails, which the suite writes to the panic device in its place, and QEMU does what is asked. */
import { intentOf } from '../compare/intent.ts';
import { devicesOf } from '../compare/qtree.ts';
import type { Lane } from '../lane.ts';
import { makeFiles } from '../make_files.ts';
import type { Qtest } from '../qemu/qtest.ts';
import { type Running, startPaused } from '../qemu/start_paused.ts';
import type { Architecture } from '../settings.ts';
import { small2 } from '../small_profile.ts';
import type { CheckedDaemon } from './daemon_cases.ts';

const ACTIONS = ['shutdown', 'pause', 'exit-failure', 'none'] as const;

export interface PanicCase {
  readonly name: string;
  readonly arch: Exclude<Architecture, 'ppc64le'>;
  readonly action: (typeof ACTIONS)[number];
}

export const PANIC_CASES: readonly PanicCase[] = (['x86_64', 'aarch64', 'riscv64'] as const).flatMap((arch) =>
  ACTIONS.map((action) => ({ name: `a panic of ${arch} with on_panic = "${action}"`, arch, action })),
);

/** What is heard, and how QEMU ends where it does by itself. */
const RIGHT: Readonly<Record<PanicCase['action'], string>> = {
  shutdown: 'poweroff, exit code 0',
  pause: 'pause, goes on',
  'exit-failure': 'poweroff, exit code 1',
  none: 'run, goes on',
};

export async function checkPanic({ name, arch, action }: PanicCase, lane: Lane): Promise<CheckedDaemon> {
  lane.empty();
  const profile = small2(arch, { devices: { panic: true }, process: { on_panic: action } });
  const intent = intentOf(profile, lane.root);
  makeFiles(intent, lane);
  const answer = await lane.service.argv({ profile }, lane.facts);
  if ('refusal' in answer) return { name, isRight: false, words: 'the service refuses it' };
  const argv = [lane.program(arch), ...answer.body.argv.slice(1)];
  const qemu = await startPaused(argv, lane.sandbox, { hasQtest: true });
  if (!qemu.isRunning) return { name, isRight: false, words: qemu.words };
  try {
    await panic(arch, qemu);
    const { action: heard } = await qemu.qmp.dataOf<{ action: string }>('GUEST_PANICKED');
    const words = `${heard}, ${heard === 'poweroff' ? await qemu.ended : await stateOf(qemu)}`;
    return { name, isRight: words === RIGHT[action], words };
  } finally {
    await qemu.stop();
  }
}

/** QEMU answers as long as it is there. */
async function stateOf({ qmp }: Running): Promise<string> {
  await qmp.ask('query-status');
  return 'goes on';
}

/** The port of the device on the ISA bus. */
const PORT = 0x505;
const PANICKED = 1;

/** Where each machine has the settings of its PCI devices, and where its firmware would put their memory. */
const PCI: Readonly<Record<'aarch64' | 'riscv64', { readonly settings: number; readonly memory: number }>> = {
  aarch64: { settings: 0x40_1000_0000, memory: 0x1000_0000 },
  riscv64: { settings: 0x3000_0000, memory: 0x4000_0000 },
};
const COMMAND = 4;
const MEMORY_IS_ON = 2;
const FIRST_BAR = 0x10;

async function panic(arch: PanicCase['arch'], { qmp, qtest }: Running): Promise<void> {
  const { ask } = qtest as Qtest;
  if (arch === 'x86_64') {
    await ask(`outb ${PORT} ${PANICKED}`);
    return;
  }
  const device = devicesOf(await qmp.human('info qtree')).find(({ type }) => type === 'pvpanic-pci');
  const slot = Number.parseInt(device?.properties.addr ?? '', 16);
  const { settings, memory } = PCI[arch];
  const own = settings + slot * 0x8000;
  await ask(`writel ${own + FIRST_BAR} ${memory}`);
  await ask(`writew ${own + COMMAND} ${MEMORY_IS_ON}`);
  await ask(`writeb ${memory} ${PANICKED}`);
}
