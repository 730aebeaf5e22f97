/** The graphics card, keyboard and pointer, and sound of a guest. */
import t from 'tap';
import { BUILDS } from '../../src/qemu/builds.ts';
import { GPU_MODELS } from '../../src/topics/gpu.ts';
import { argvOf, valuesOf } from '../help/argv.ts';
import { TCG } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { DARWIN, FREEBSD, given, LINUX, WINDOWS } from '../help/hosts.ts';
import { metadataOf, plannedOf, planOf } from '../help/plans.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

const V2: Change = { schema_version: 2 };
const VNC = { mode: 'vnc', socket: 'run/vnc' };
const SPICE = { mode: 'spice', socket: 'run/spice' };
const BARE = 'warning disk-boot-needs-firmware hardware.arch';

const row = (about: string, change: Change, ...issues: string[]): Row => [
  about,
  { ...V2, ...TCG, 'serial.mode': 'none', ...change },
  ...issues,
];

/** The ids and drivers of JSON devices, but for those of disks. */
function devicesOf(change: Change): string[] {
  return valuesOf(argvOf({ ...V2, ...TCG, ...change }), '-device')
    .map((text): { driver: string; id: string } => JSON.parse(text))
    .filter(({ id }) => !id.startsWith('disk-'))
    .map(({ driver, id }) => `${driver} ${id}`);
}

t.test('which card is for which architecture', (t) => {
  const models = ['VGA', 'virtio-vga', 'virtio-gpu-pci', 'bochs-display', 'qxl-vga', 'cirrus-vga', 'ramfb'];
  const has: Readonly<Record<string, readonly string[]>> = {
    x86_64: models,
    aarch64: ['virtio-gpu-pci', 'bochs-display', 'ramfb'],
    riscv64: ['VGA', 'virtio-gpu-pci', 'bochs-display'],
    ppc64le: ['VGA', 'virtio-gpu-pci', 'bochs-display'],
  };
  const said: Readonly<Record<string, string>> = {
    'qxl-vga': 'warning gpu-needs-spice gpu.model',
    'bochs-display': 'info gpu-dark-at-boot gpu.model',
    'virtio-gpu-pci': 'info gpu-dark-at-boot gpu.model',
  };
  const rows = Object.entries(has).flatMap(([arch, known]) =>
    models.map((model) => {
      const bare = arch === 'aarch64' || arch === 'riscv64' ? [BARE] : [];
      const own = arch === 'x86_64' && said[model] !== undefined ? [said[model]] : [];
      const issues = known.includes(model) ? [...bare, ...own] : ['error not-for-arch gpu.model', ...bare];
      return row(`${arch} ${model}`, { 'hardware.arch': arch, 'gpu.model': model }, ...issues);
    }),
  );
  checkRows(t, rows);
});

t.test('what a card is good for', (t) => {
  checkRows(t, [
    row('qxl with SPICE', { display: SPICE, 'gpu.model': 'qxl-vga' }),
    row(
      'qxl with a display that cannot be read',
      { 'display.mode': 'x', 'gpu.model': 'qxl-vga' },
      'error not-allowed display.mode',
      'warning gpu-needs-spice gpu.model',
    ),
    row('an unknown one', { 'gpu.model': 'virtio-gpu-gl-pci' }, 'error not-allowed gpu.model'),
    row('the default', { display: VNC, 'gpu.model': 'virtio-vga' }),
    row(
      'another architecture',
      { 'hardware.arch': 'sparc', display: VNC },
      'error not-allowed hardware.arch',
    ),
  ]);
});

t.test('how large the screen is', (t) => {
  const size = (about: string, gpu: object, ...issues: string[]): Row =>
    row(about, { display: SPICE, gpu }, ...issues);
  const over = 'warning resolution-over-memory gpu.width';
  const not = (key: string) => `error not-for-type gpu.${key}`;
  checkRows(t, [
    size('both', { width: 640, height: 8192 }),
    size('as small as it can be', { width: 640, height: 480 }),
    size('too narrow', { width: 639, height: 480 }, 'error out-of-range gpu.width'),
    size('too low', { width: 640, height: 479 }, 'error out-of-range gpu.height'),
    size('no height', { width: 640 }, 'error missing-field gpu.height'),
    size('no width', { height: 640 }, 'error missing-field gpu.width'),
    size('a height that cannot be read', { width: 640, height: 1 }, 'error out-of-range gpu.height'),
    size('too wide', { width: 8193, height: 640 }, 'error out-of-range gpu.width'),
    size('as much as there is', { model: 'VGA', width: 2048, height: 2048 }),
    size('more', { model: 'VGA', width: 2048, height: 2049 }, over),
    size('more on virtio', { width: 8192, height: 8192 }),
    size('more on qxl', { model: 'qxl-vga', width: 4096, height: 2160 }, over),
    size(
      'more on bochs',
      { model: 'bochs-display', width: 4096, height: 2160 },
      'info gpu-dark-at-boot gpu.model',
      over,
    ),
    size('cirrus', { model: 'cirrus-vga', width: 800, height: 640 }, not('width'), not('height')),
    size('ramfb', { model: 'ramfb', height: 640 }, 'error missing-field gpu.width', not('height')),
    row('no card', { gpu: { width: 640 } }, 'info section-off gpu.model'),
  ]);
});

t.test('a display brings a card, and a card what to answer it by', (t) => {
  const usb = 'qemu-xhci usb';
  const rows: readonly (readonly [Change, readonly string[]])[] = [
    [{}, []],
    [{ display: VNC }, [usb, 'usb-tablet tablet0', 'virtio-vga gpu0']],
    [{ 'gpu.model': 'cirrus-vga' }, [usb, 'usb-tablet tablet0', 'cirrus-vga gpu0']],
    [{ 'gpu.model': 'ramfb', 'input.type': 'none' }, ['ramfb gpu0']],
    [
      { display: VNC, 'input.type': 'virtio' },
      ['virtio-keyboard-pci keyboard0', 'virtio-tablet-pci tablet0', 'virtio-vga gpu0'],
    ],
    [{ 'input.type': 'usb' }, [usb, 'usb-tablet tablet0']],
    [
      { 'hardware.arch': 'ppc64le', display: VNC },
      [usb, 'usb-kbd keyboard0', 'usb-tablet tablet0', 'VGA gpu0'],
    ],
    [
      { 'hardware.arch': 'aarch64', display: VNC },
      [usb, 'usb-kbd keyboard0', 'usb-tablet tablet0', 'virtio-gpu-pci gpu0'],
    ],
  ];
  for (const [change, devices] of rows) t.strictSame(devicesOf(change), devices, JSON.stringify(change));
  t.end();
});

t.test('what is the default is not in the canonical text', (t) => {
  const textOf = (change: Change) => plannedOf(changed({ ...V2, ...TCG, ...change })).canonical;
  t.equal(textOf({ display: VNC, 'gpu.model': 'virtio-vga', 'input.type': 'usb' }), textOf({ display: VNC }));
  t.equal(textOf({ 'input.type': 'none' }), textOf({}));
  t.match(textOf({ display: VNC, 'gpu.model': 'VGA', 'input.type': 'none' }), /\[gpu\]\nmodel = "VGA"/);
  t.match(textOf({ 'gpu.model': 'virtio-vga' }), /virtio-vga/, 'without a display there is no default');
  t.end();
});

t.test('a picture without a keyboard', (t) => {
  const none = 'warning no-keyboard input.type';
  checkRows(t, [
    row('x86_64 has one', { display: VNC, 'input.type': 'none' }),
    row('aarch64', { 'hardware.arch': 'aarch64', display: VNC, 'input.type': 'none' }, BARE, none),
    row('ppc64le', { 'hardware.arch': 'ppc64le', 'gpu.model': 'VGA', 'input.type': 'none' }, none),
    row('no picture', { 'hardware.arch': 'ppc64le', 'input.type': 'none' }),
    row(
      'who knows',
      { 'hardware.arch': 'sparc', 'gpu.model': 'VGA', 'input.type': 'none' },
      'error not-allowed hardware.arch',
    ),
  ]);
});

t.test('sound', (t) => {
  const audio = (about: string, audio: object, ...issues: string[]): Row => row(about, { audio }, ...issues);
  checkRows(t, [
    audio('none', { device: 'AC97' }, 'info section-off audio.backend'),
    audio('silence', { backend: 'none' }),
    audio('PulseAudio', { backend: 'pa', microphone: true }),
    audio('an old card', { backend: 'pa', device: 'AC97', microphone: true }),
    audio(
      'an old card that would not record',
      { backend: 'alsa', device: 'AC97' },
      'error audio-always-records audio.microphone',
    ),
    audio('SPICE without SPICE', { backend: 'spice' }, 'error audio-needs-spice audio.backend'),
    row(
      'SPICE with VNC',
      { display: VNC, 'audio.backend': 'spice' },
      'error audio-needs-spice audio.backend',
    ),
    row('SPICE', { display: SPICE, 'audio.backend': 'spice' }),
    row(
      'SPICE with a display that cannot be read',
      { 'display.mode': 'x', 'audio.backend': 'spice' },
      'error not-allowed display.mode',
    ),
    audio('macOS', { backend: 'coreaudio' }, 'error not-for-os audio.backend'),
    audio('an unknown one', { backend: 'oss' }, 'error not-allowed audio.backend'),
  ]);
});

t.test('sound on other systems, and of older QEMUs', (t) => {
  const on = (backend: string, facts: typeof LINUX, isThere: boolean) =>
    checkIssues(
      t,
      changed({ ...V2, ...TCG, 'serial.mode': 'none', 'audio.backend': backend }),
      isThere ? [] : ['error not-for-os audio.backend'],
      `${backend} on ${facts.os}`,
      given(facts),
    );
  for (const facts of [LINUX, DARWIN, FREEBSD, WINDOWS]) {
    on('none', facts, true);
    on('pa', facts, facts === LINUX || facts === FREEBSD);
    on('alsa', facts, facts === LINUX);
    on('coreaudio', facts, facts === DARWIN);
  }
  const pipewire = changed({ ...V2, ...TCG, 'audio.backend': 'pipewire' });
  const old = 'error audio-backend-needs-qemu-8 audio.backend';
  checkIssues(t, pipewire, [old], '7.2', given({ ...LINUX, qemu_version: '7.2.22' }));
  checkIssues(t, pipewire, [old], '8.0', given({ ...LINUX, qemu_version: '8.0.5' }));
  checkIssues(t, pipewire, [], '8.1', given({ ...LINUX, qemu_version: '8.1' }));
  checkIssues(t, pipewire, [], 'unknown', given(LINUX));
  t.end();
});

t.test('what plans say of sound', (t) => {
  const plan = (audio: object) => planOf({ ...V2, ...TCG, 'serial.mode': 'none', audio });
  const asked = (audio: object) =>
    (metadataOf(plan(audio)).unknowns as { subject: string }[])
      .map(({ subject }) => subject)
      .filter((subject) => /sound|module/.test(subject));
  t.strictSame(asked({ backend: 'none' }), []);
  t.strictSame(asked({ backend: 'pa' }), ['qemu-module:audio-pa', 'sound:pa']);
  const pipewire = ['qemu-module:audio-pipewire', 'sound:pipewire', 'sound:pipewire'];
  t.strictSame(asked({ backend: 'pipewire' }), pipewire, 'the last asks how old QEMU is');
  const known = plannedOf(
    changed({ ...V2, ...TCG, audio: { backend: 'pipewire' } }),
    given({ ...LINUX, qemu_version: '10.0' }),
  );
  t.notMatch(JSON.stringify(known.unknowns), /or later/, 'which is known here');
  t.strictSame(asked({ backend: 'alsa' }), ['qemu-module:audio-alsa', 'sound:alsa']);
  t.equal(plan({ backend: 'pa' }).risk, 'low');
  t.equal(plan({ backend: 'pa', microphone: true }).risk, 'medium', 'the guest hears the host');
  t.equal(plan({ backend: 'none', microphone: true }).risk, 'low', 'there is nothing to hear');
  t.end();
});

t.test('each device of a plan that recorded builds have in a module asks for it', (t) => {
  const moduleOf = (driver: string): string =>
    ({ 'qxl-vga': 'hw-display-qxl', 'usb-redir': 'hw-usb-redirect' })[driver] ??
    `hw-${driver.startsWith('virtio') ? 'display-' : ''}${driver}`;
  const inModules = new Set(BUILDS.flatMap(({ in_modules }) => in_modules));
  const changes: Change[] = [
    ...GPU_MODELS.map((model) => ({ 'gpu.model': model })),
    { 'hardware.arch': 'aarch64', display: VNC },
    {
      usb: [
        { bus: 1, port: '2' },
        { bus: 1, port: '3' },
      ],
    },
    { display: { mode: 'spice', socket: 'run/v', usb_redirection: 2, agent: true } },
  ];
  for (const change of changes) {
    const planned = plannedOf(
      changed({ ...V2, ...TCG, ...change }),
      given({ ...LINUX, qemu_version: '10.0' }),
    );
    const drivers = planned.argv.flatMap((element) => /"driver":"([^"]+)"/.exec(element)?.[1] ?? []);
    t.strictSame(
      planned.needs
        .flatMap((need) => (need.kind === 'qemu-module' ? [need.module] : []))
        .filter((module) => module.startsWith('hw-'))
        .sort(),
      [...new Set(drivers)]
        .filter((driver) => inModules.has(driver))
        .map(moduleOf)
        .sort(),
      JSON.stringify(change),
    );
    const subjects = planned.unknowns.map(({ subject }) => subject);
    t.notMatch(subjects.join(), /qemu-device:/, 'no module is asked for twice');
  }
  t.end();
});

t.test('slots', (t) => {
  const disks = Array.from({ length: 27 }, (_, index) => ({
    name: `d${index}`,
    path: `d${index}`,
    format: 'raw',
  }));
  const full = { 'storage.disks': disks };
  checkRows(t, [
    row('27 disks and three devices', { ...full, display: VNC, 'audio.backend': 'none' }),
    row(
      'one too many',
      { ...full, display: VNC, 'audio.backend': 'none', 'input.type': 'virtio' },
      'error too-many-devices storage.disks',
    ),
    row('ramfb is in no slot', {
      ...full,
      display: VNC,
      'audio.backend': 'none',
      'input.type': 'virtio',
      'gpu.model': 'ramfb',
    }),
  ]);
});
