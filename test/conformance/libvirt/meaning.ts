/** What an argv means, in terms that the planner's and libvirt's share although they write it differently. */
import { readOpts } from '../../help/qemu_opts.ts';

export interface Meaning {
  readonly name: string;
  readonly machine: string;
  readonly accelerator: string;
  readonly cpu: string;
  readonly cpus: string;
  readonly memory: string;
  readonly disks: readonly { readonly file: string; readonly format: string; readonly readonly: boolean }[];
  /** Index of the disk that is tried first. */
  readonly boots: number;
  readonly shares: readonly { readonly tag: string; readonly path: string; readonly readonly: boolean }[];
  readonly serial: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly append: string;
}

type Options = Readonly<Record<string, unknown>>;

export function meaningOf(argv: readonly string[]): Meaning {
  const { disks, boots } = disksOf(argv);
  return {
    name: String(one(argv, '-name', 'guest').guest),
    // `pc-q35-7.2` is what `q35` stands for in one version.
    machine: String(one(argv, '-machine', 'type').type).replace(
      /^(?:pc-)?(q35|virt|pseries)(?:-[0-9.]+)?$/,
      '$1',
    ),
    accelerator: String(one(argv, '-accel', 'accel').accel),
    cpu: valuesOf(argv, '-cpu')[0] ?? '',
    cpus: String(one(argv, '-smp', 'cpus').cpus),
    memory: `${Number.parseInt(String(one(argv, '-m', 'size').size), 10)} MiB`,
    disks,
    boots,
    shares: sharesOf(argv),
    serial: serialOf(argv),
    kernel: valuesOf(argv, '-kernel')[0] ?? '',
    initrd: valuesOf(argv, '-initrd')[0] ?? '',
    append: valuesOf(argv, '-append')[0] ?? '',
  };
}

function valuesOf(argv: readonly string[], option: string): string[] {
  return argv.flatMap((element, index) => (element === option ? [argv[index + 1] ?? ''] : []));
}

/** JSON, which libvirt writes, or QEMU's own syntax. */
function optionsOf(argv: readonly string[], option: string, implied: string | null): Options[] {
  return valuesOf(argv, option).map((value) =>
    value.startsWith('{') ? (JSON.parse(value) as Options) : readOpts(withoutFlags(value), implied),
  );
}

/** libvirt still writes `readonly` for `readonly=on`. */
function withoutFlags(value: string): string {
  return value.replace(/,readonly$/, ',readonly=on');
}

function one(argv: readonly string[], option: string, implied: string): Options {
  return optionsOf(argv, option, implied)[0] ?? {};
}

function disksOf(argv: readonly string[]): Pick<Meaning, 'disks' | 'boots'> {
  const drives = optionsOf(argv, '-drive', null);
  const blocks = new Map(optionsOf(argv, '-blockdev', 'driver').map((block) => [block['node-name'], block]));
  const devices = optionsOf(argv, '-device', 'driver').filter(({ driver }) => driver === 'virtio-blk-pci');
  const found =
    drives.length > 0
      ? drives.map(({ file, format, readonly }) => ({ file, format, readonly: readonly === 'on' }))
      : devices.map(({ drive }) => {
          const format = blocks.get(drive);
          return {
            file: blocks.get(format?.file)?.filename,
            format: format?.driver,
            readonly: format?.['read-only'] === true,
          };
        });
  const disks = found.map(({ file, format, readonly }) => ({
    file: String(file),
    format: String(format),
    readonly,
  }));
  return {
    disks,
    boots: Math.max(
      0,
      devices.findIndex(({ bootindex }) => String(bootindex) === '1'),
    ),
  };
}

function sharesOf(argv: readonly string[]): Meaning['shares'] {
  const directories = new Map(optionsOf(argv, '-fsdev', 'fsdriver').map((fsdev) => [fsdev.id, fsdev]));
  return optionsOf(argv, '-device', 'driver')
    .filter(({ driver }) => driver === 'virtio-9p-pci')
    .map(({ fsdev, mount_tag }) => {
      const directory = directories.get(fsdev);
      return {
        tag: String(mount_tag),
        path: String(directory?.path),
        readonly: directory?.readonly === 'on',
      };
    });
}

function serialOf(argv: readonly string[]): string {
  const [written = ''] = valuesOf(argv, '-serial');
  if (written.startsWith('file:')) return `file ${written.slice('file:'.length)}`;
  if (written.startsWith('unix:')) return `socket ${readOpts(written.slice('unix:'.length), 'path').path}`;
  const port = optionsOf(argv, '-chardev', 'backend').find(({ id }) => id === 'charserial0');
  if (port === undefined) return 'none';
  return `${port.backend} ${port.path}`;
}

/** The words of a line for a POSIX shell, without the environment in front of them. */
export function shellWords(line: string): string[] {
  const words = [...line.matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g)].map(([word]) =>
    word.replace(
      /'([^']*)'|\\(.)/g,
      (_, quoted: string | undefined, single: string | undefined) => quoted ?? single ?? '',
    ),
  );
  return words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word)));
}
