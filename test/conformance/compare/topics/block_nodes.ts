/** What QEMU reads and writes behind each drive: the whole graph of its block nodes. */
import type { OpenFile } from '../../qemu/proc.ts';
import { makeDriveFiles } from './drive_files.ts';
import { drivesOf, isEncrypted } from './drives.ts';
import { flashOf } from './firmware.ts';
import type { Asked, Seen, Topic } from './topic.ts';

interface Node {
  readonly driver: string;
  readonly readonly: boolean;
  readonly direct: boolean;
  readonly 'no flush': boolean;
  readonly zeroes: string;
  readonly encrypted: boolean;
  readonly file: string;
  readonly 'file readonly': boolean;
  readonly 'file direct': boolean;
  /** The node under an overlay. */
  readonly backing: Node | null;
}

const PLAIN = {
  driver: 'raw',
  direct: false,
  'no flush': false,
  zeroes: 'off',
  encrypted: false,
  'file direct': false,
  backing: null,
};

function plainNode(file: string, readonly: boolean, driver = 'raw'): Node {
  return { ...PLAIN, driver, file, readonly, 'file readonly': readonly };
}

export const blockNodes: Topic = {
  make: makeDriveFiles,
  means: (asked) => ({ 'block nodes': nodesOf(asked) }),
  seen: async (seen, asked) => ({ 'block nodes': await graphOf(seen, asked) }),
  files: (asked) => {
    const nodes = Object.values(nodesOf(asked));
    return [...nodes, ...nodes.flatMap(({ backing }) => backing ?? [])].map(fileOf);
  },
};

function fileOf(node: Node): OpenFile {
  return { path: node.file, use: node['file readonly'] ? 'read' : 'write' };
}

function nodesOf(asked: Asked): Record<string, Node> {
  const { disks, cdroms, floppies, seed } = drivesOf(asked);
  const nodes: [string, Node][] = [];
  for (const { disk } of disks) {
    const { name, format, readonly = false, cache = 'writeback', detect_zeroes = 'off', base } = disk;
    const direct = cache === 'none' || cache === 'directsync';
    const isWhole = isEncrypted(disk) && format === 'raw';
    const node: Node = {
      driver: isWhole ? 'luks' : format,
      readonly,
      direct,
      'no flush': cache === 'unsafe',
      zeroes: detect_zeroes,
      encrypted: isEncrypted(disk),
      file: asked.place(disk.path),
      'file readonly': readonly,
      'file direct': direct,
      backing:
        base === undefined
          ? null
          : {
              ...plainNode(asked.place(base.path), true, base.format),
              // What an overlay asks of the host's cache it asks of its base too.
              direct,
              'no flush': cache === 'unsafe',
              'file direct': direct,
            },
    };
    nodes.push([name, node]);
  }
  for (const { cdrom } of cdroms)
    if (cdrom.path !== undefined) nodes.push([cdrom.name, plainNode(asked.place(cdrom.path), true)]);
  for (const { name, path, readonly = false } of floppies)
    nodes.push([name, plainNode(asked.place(path), readonly)]);
  if (seed !== null) nodes.push(['seed.0', plainNode(seed, true)]);
  return Object.fromEntries(nodes.sort(([left], [right]) => (left < right ? -1 : 1)));
}

interface NamedNode {
  readonly 'node-name': string;
  readonly drv: string;
  readonly ro: boolean;
  readonly file: string;
  readonly encrypted: boolean;
  readonly detect_zeroes: string;
  readonly cache: { readonly direct: boolean; readonly 'no-flush': boolean };
}

export interface Graph {
  readonly nodes: readonly { readonly id: number; readonly name: string; readonly type: string }[];
  readonly edges: readonly { readonly name: string; readonly parent: number; readonly child: number }[];
}

/** By the names of the topmost nodes; children under other names than `file` and `backing` show under theirs. */
async function graphOf({ qmp }: Seen, asked: Asked): Promise<Record<string, unknown>> {
  const { nodes, edges } = await qmp.ask<Graph>('x-debug-query-block-graph');
  const named = await qmp.ask<NamedNode[]>('query-named-block-nodes', { flat: true });
  const details = new Map(named.map((node) => [node['node-name'], node]));
  const drivers = nodes.filter(({ type }) => type === 'block-driver');
  const ids = new Set(drivers.map(({ id }) => id));
  const nodeAt = (id: number): unknown => {
    const name = drivers.find((node) => node.id === id)?.name ?? '';
    const { drv, ro, cache, detect_zeroes, encrypted } = details.get(name) as NamedNode;
    const below = edges.filter(({ parent }) => parent === id);
    const childAs = (role: string): number | undefined => below.find((edge) => edge.name === role)?.child;
    const [file, backing] = [childAs('file'), childAs('backing')];
    const fileName = drivers.find((node) => node.id === file)?.name ?? '';
    const opened = details.get(fileName);
    const others = below.filter((edge) => edge.name !== 'file' && edge.name !== 'backing');
    return {
      driver: drv,
      readonly: ro,
      direct: cache.direct,
      'no flush': cache['no-flush'],
      zeroes: detect_zeroes,
      encrypted,
      file: opened?.drv === 'file' ? opened.file : JSON.stringify(opened),
      'file readonly': opened?.ro,
      'file direct': opened?.cache.direct,
      backing: backing === undefined ? null : nodeAt(backing),
      ...Object.fromEntries(others.map((edge) => [edge.name, nodeAt(edge.child)])),
    };
  };
  const flash = flashOf(asked).map(({ file }) => file);
  const isFlash = (node?: NamedNode): boolean => node !== undefined && flash.includes(node.file);
  const isBelow = (id: number): boolean => edges.some(({ parent, child }) => child === id && ids.has(parent));
  const tops = drivers
    .filter(({ id, name }) => !isBelow(id) && !isFlash(details.get(name)))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  return Object.fromEntries(tops.map(({ id, name }) => [name, nodeAt(id)]));
}
