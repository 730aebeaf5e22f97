/** What Linux says of a running QEMU: the files it holds open and the sockets it listens on. */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

export interface OpenFile {
  readonly path: string;
  readonly use: 'read' | 'write' | 'directory';
}

/** `port:tcp:127.0.0.1:2222`, `socket:unix:/path`: as a plan names them. */
export type Listener = string;

export interface OpenThings {
  readonly files: readonly OpenFile[];
  /** Those among them, once for each time they are open, in the order of their descriptors. */
  readonly directories: readonly string[];
  readonly listeners: readonly Listener[];
  /** Host devices that virtual network cables end at. */
  readonly taps: readonly string[];
}

const ACCESS_MODE = 0o3;
const LISTENING_UNIX = 0x10000;
const TCP_LISTEN = '0A';

export function openThings(pid: number): OpenThings {
  const inodes = new Set<string>();
  const files = new Map<string, OpenFile>();
  const directories: string[] = [];
  const taps: string[] = [];
  const descriptors = readdirSync(`/proc/${pid}/fd`).sort((left, right) => Number(left) - Number(right));
  for (const descriptor of descriptors) {
    const target = attempt(() => readlinkSync(`/proc/${pid}/fd/${descriptor}`)) ?? '';
    const info = attempt(() => readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, 'utf8')) ?? '';
    const inode = /^socket:\[([0-9]+)\]$/.exec(target)?.[1];
    if (inode !== undefined) inodes.add(inode);
    const tap = /^iff:\s*(\S+)$/m.exec(info)?.[1];
    if (tap !== undefined) taps.push(tap);
    if (!target.startsWith('/') || target.startsWith('/dev/')) continue;
    const file = { path: target, use: useOf(`/proc/${pid}/fd/${descriptor}`, info) };
    files.set(`${file.use} ${file.path}`, file);
    if (file.use === 'directory') directories.push(file.path);
  }
  return { files: [...files.values()], directories, listeners: listenersOf(pid, inodes), taps: taps.sort() };
}

/** What Linux has set up for reading and writing without threads, by QEMU's words; it shows in the memory of QEMU. */
export function asynchronousIo(pid: number): string[] {
  const maps = readFileSync(`/proc/${pid}/maps`, 'utf8');
  return [
    ...(maps.includes('[io_uring]') ? ['io_uring'] : []),
    ...(maps.includes('[aio]') ? ['native'] : []),
  ];
}

function useOf(descriptor: string, info: string): OpenFile['use'] {
  if (attempt(() => statSync(descriptor).isDirectory()) === true) return 'directory';
  const flags = Number.parseInt(/^flags:\s*([0-7]+)$/m.exec(info)?.[1] ?? '0', 8);
  return (flags & ACCESS_MODE) === 0 ? 'read' : 'write';
}

function listenersOf(pid: number, inodes: ReadonlySet<string>): Listener[] {
  const table = (name: string): string[] =>
    (attempt(() => readFileSync(`/proc/${pid}/net/${name}`, 'utf8')) ?? '').split('\n').slice(1);
  const internet = ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((name) =>
    table(name)
      .map((line) => line.trim().split(/\s+/))
      .filter(
        ([, , , state, , , , , , inode = '']) =>
          inodes.has(inode) && (name.startsWith('udp') || state === TCP_LISTEN),
      )
      .map(([, local = '']) => `port:${name.replace('6', '')}:${addressOf(local)}`),
  );
  const unix = table('unix').flatMap((line) => {
    const [, flags = '', inode = '', path = ''] = /^\S+ \S+ \S+ (\S+) \S+ \S+ +(\S+) (.*)$/.exec(line) ?? [];
    const isListening = inodes.has(inode) && (Number.parseInt(flags, 16) & LISTENING_UNIX) !== 0;
    return isListening ? [`socket:unix:${path}`] : [];
  });
  return [...internet, ...unix].sort();
}

/** `0100007F:08AE`, the kernel's own byte order, as address and port. */
function addressOf(text: string): string {
  const [address = '', port = ''] = text.split(':');
  if (address.length !== 8) return `${ipv6Of(address)}:${Number.parseInt(port, 16)}`;
  const octets = Buffer.from(address, 'hex').reverse();
  return `${octets.join('.')}:${Number.parseInt(port, 16)}`;
}

/** In brackets, in the one way that it is written. */
function ipv6Of(text: string): string {
  const words = [...text.matchAll(/.{8}/g)].map(([word]) => Buffer.from(word, 'hex').reverse());
  const groups = [...Buffer.concat(words).toString('hex').matchAll(/.{4}/g)].map(([group]) => group);
  return new URL(`http://[${groups.join(':')}]`).hostname;
}

/** Whether the process sees a directory as the root of all files. */
export function hasRoot(pid: number, directory: string): boolean {
  const placeOf = (path: string): string | undefined =>
    attempt(() => {
      const { dev, ino } = statSync(path);
      return `${dev} ${ino}`;
    });
  const root = placeOf(`/proc/${pid}/root`);
  return root !== undefined && root === placeOf(directory);
}

export function attempt<Value>(action: () => Value): Value | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
