/** The graphics card of the guest. */
import type { Architecture } from '../facts/host_facts.ts';
import type { QemuModule } from '../needs/kinds/qemu_module.ts';
import type { Need } from '../needs/need.ts';
import { count, table, word } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { jsonOption } from '../qemu/json_option.ts';
import { isShown } from './display.ts';
import { checkOnlyFor } from './only_for.ts';
import { part } from './part.ts';
import type { Draft, Issues } from './profile.ts';
import type { Topic } from './topic.ts';

export const GPU_MODELS = [
  'VGA',
  'virtio-vga',
  'virtio-gpu-pci',
  'bochs-display',
  'qxl-vga',
  'cirrus-vga',
  'ramfb',
] as const;
type GpuModel = (typeof GPU_MODELS)[number];

const MOST_POINTS = 8192;

export const GPU = table(
  'The graphics card of the guest.',
  {
    model: word(
      GPU_MODELS,
      'QEMU’s name of the card. Default: none without a display; with one `virtio-vga` on x86_64, `virtio-gpu-pci` on aarch64 and riscv64, `VGA` on ppc64le.',
      {},
    ),
    width: count('Points of the screen that the guest is told of, from side to side; with `height`.', {
      minimum: 640,
      maximum: MOST_POINTS,
    }),
    height: count('The same from top to bottom.', { minimum: 480, maximum: MOST_POINTS }),
  },
  { since: 2 },
);

const EVERYWHERE: readonly Architecture[] = ['x86_64', 'aarch64', 'riscv64', 'ppc64le'];

/** Where each is, and what guests can show with. */
export const GPU_ARCHITECTURES: Readonly<Record<GpuModel, readonly Architecture[]>> = {
  VGA: ['x86_64', 'riscv64', 'ppc64le'],
  'virtio-vga': ['x86_64'],
  'virtio-gpu-pci': EVERYWHERE,
  'bochs-display': EVERYWHERE,
  'qxl-vga': ['x86_64'],
  'cirrus-vga': ['x86_64'],
  ramfb: ['x86_64', 'aarch64'],
};

const DEFAULTS: Readonly<Record<Architecture, GpuModel>> = {
  x86_64: 'virtio-vga',
  aarch64: 'virtio-gpu-pci',
  riscv64: 'virtio-gpu-pci',
  ppc64le: 'VGA',
};

/** What brings those that are not in QEMU itself. */
const MODULES: Readonly<Partial<Record<GpuModel, QemuModule>>> = {
  'virtio-vga': 'hw-display-virtio-vga',
  'virtio-gpu-pci': 'hw-display-virtio-gpu-pci',
  'qxl-vga': 'hw-display-qxl',
};

/** Cards that have 16 MiB for the picture. */
const SMALL: readonly GpuModel[] = ['VGA', 'bochs-display', 'qxl-vga'];
const SMALL_BYTES = 16 * 1024 * 1024;
const BYTES_OF_POINT = 4;
/** Cards that are told of a size. */
const SIZED: readonly GpuModel[] = ['VGA', 'virtio-vga', 'virtio-gpu-pci', 'bochs-display', 'qxl-vga'];
/** Cards on which SeaBIOS shows nothing. */
const DARK: readonly GpuModel[] = ['virtio-gpu-pci', 'bochs-display'];

function defaultModel(draft: Draft): GpuModel | undefined {
  const { arch } = draft.hardware;
  return arch === undefined || !isShown(draft) ? undefined : DEFAULTS[arch];
}

/** `undefined` where there is none. */
export function gpuModel(draft: Draft): GpuModel | undefined {
  return draft.gpu.model ?? defaultModel(draft);
}

export const gpu: Topic = {
  /** A model that is the default is as good as none. */
  complete: (draft) => {
    const { model } = draft.gpu;
    if (model !== undefined && model === defaultModel(draft)) draft.gpu.model = undefined;
  },
  checkProfile: (draft, issues) => {
    const model = gpuModel(draft);
    if (model === undefined) {
      noneRule(draft, issues);
      return;
    }
    modelRules(draft, model, issues);
    sizeRules(draft, model, issues);
  },
  needs: (draft): Need[] => {
    const model = gpuModel(draft);
    const module = model === undefined ? undefined : MODULES[model];
    return module === undefined ? [] : [{ kind: 'qemu-module', at: ['gpu', 'model'], module }];
  },
  slots: (draft) => {
    const model = gpuModel(draft);
    return [{ at: ['gpu'], slots: model === undefined || model === 'ramfb' ? 0 : 1 }];
  },
  args: (profile) => {
    const driver = gpuModel(profile);
    if (driver === undefined) return [];
    const { model, width, height } = profile.gpu;
    const pointers = [
      ...(model === undefined ? [] : ['/gpu/model']),
      ...(width === undefined ? [] : ['/gpu/width', '/gpu/height']),
    ];
    return [
      part('devices', pointers, ['-device', jsonOption({ driver, id: 'gpu0', xres: width, yres: height })], {
        why:
          model === undefined
            ? `A display needs a graphics card, and ${driver} is the one for ${profile.hardware.arch} guests.`
            : null,
        decidedBy: ['/gpu/model', '/display/mode', '/hardware/arch'],
        element: { name: 'gpu0', list: '/gpu', index: 0 },
      }),
    ];
  },
};

function noneRule({ gpu, display, hardware }: Draft, issues: Issues): void {
  if (gpu.width === undefined && gpu.height === undefined) return;
  if (display.mode !== 'none' || hardware.arch === undefined || issues.isRefused(['gpu', 'model'])) return;
  issues.info(
    ['gpu', 'model'],
    'section-off',
    (field) =>
      `${field} is not there, and no display asks for a graphics card: nothing of [gpu] has an effect.`,
    'Add it, or a [display].',
  );
}

function modelRules(draft: Draft, model: GpuModel, issues: Issues): void {
  const { hardware, display, firmware } = draft;
  const at = ['gpu', 'model'] as const;
  const isThere = checkOnlyFor(
    at,
    show(model),
    [
      {
        on: 'arch',
        is: hardware.arch,
        allowed: GPU_ARCHITECTURES[model],
        instead: 'Write "virtio-gpu-pci", or remove it to get the default.',
      },
    ],
    issues,
  );
  if (!isThere) return;
  if (model === 'qxl-vga' && display.mode !== 'spice') {
    issues.warning(
      at,
      'gpu-needs-spice',
      (field) =>
        `${field} is "qxl-vga", which is made for SPICE, and display.mode is ${show(display.mode ?? 'none')}.`,
    );
  }
  if (hardware.arch === 'x86_64' && firmware.type === 'default' && DARK.includes(model)) {
    issues.info(
      at,
      'gpu-dark-at-boot',
      (field) =>
        `${field} is ${show(model)}, on which SeaBIOS shows nothing; the picture comes with the driver of the guest.`,
    );
  }
}

function sizeRules({ gpu }: Draft, model: GpuModel, issues: Issues): void {
  const { width, height } = gpu;
  const { error, warning, isRefused } = issues;
  for (const [key, other] of [
    ['width', 'height'],
    ['height', 'width'],
  ] as const) {
    const value = gpu[key];
    if (value === undefined) continue;
    const instead = 'Remove it, or write gpu.model = "virtio-gpu-pci".';
    const condition = {
      on: 'type',
      is: model,
      allowed: SIZED,
      called: 'the graphics card',
      instead,
    } as const;
    checkOnlyFor(['gpu', key], String(value), [condition], issues);
    if (gpu[other] !== undefined || isRefused(['gpu', other])) continue;
    error(
      ['gpu', other],
      'missing-field',
      (field) => `${field} is required when gpu.${key} is set and is not there.`,
      'Add it, or remove both.',
    );
  }
  if (width === undefined || height === undefined || !SMALL.includes(model)) return;
  const bytes = width * height * BYTES_OF_POINT;
  if (bytes <= SMALL_BYTES) return;
  warning(
    ['gpu', 'width'],
    'resolution-over-memory',
    `gpu.width and gpu.height make a picture of ${Math.ceil(bytes / 1048576)} MiB, and ${model} has 16 MiB for it; the guest gets a smaller one.`,
  );
}
