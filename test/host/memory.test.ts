/** Huge pages, NUMA nodes and the limit for locked memory, in stand-ins for sysfs and proc. */
import { join } from 'node:path';
import t from 'tap';
import { MEMORY_UNSEEN } from '../../src/facts/memory.ts';
import { probeMemory } from '../../src/host/probe_memory.ts';
import { SYSTEM_FILES, type SystemFiles } from '../../src/host/system_files.ts';
import type { Need } from '../../src/needs/need.ts';
import { folderOf, onLinux } from '../help/this_host.ts';

function systemIn(root: string): SystemFiles {
  const at = (name: string) => join(root, name);
  return {
    ...SYSTEM_FILES,
    hugePages: at('hugepages'),
    memoryNodes: at('node'),
    processLimits: at('limits'),
    processStatus: at('status'),
  };
}

const PAGES: Need = { kind: 'huge-pages', at: [], pageKb: 2048, memoryMb: 1024, bound: [] };
const LOCK: Need = { kind: 'memory-lock', at: [], memoryMb: 1024 };
const onNode = (node: number): Need => ({ kind: 'host-node', at: [], node, memoryMb: 512 });

t.test('huge pages', async (t) => {
  const root = folderOf(t, {
    hugepages: {
      'hugepages-1048576kB': { free_hugepages: '1\n' },
      'hugepages-2048kB': {
        free_hugepages: '20\n',
        resv_hugepages: '5\n',
        nr_overcommit_hugepages: '8\n',
        surplus_hugepages: '2\n',
      },
    },
  });
  const system = systemIn(root);
  t.strictSame(await probeMemory([PAGES], 'linux', system), {
    ...MEMORY_UNSEEN,
    hugePages: { sizesKb: [2048, 1048576], free: 15, makeable: 6 },
  });
  const other = await probeMemory([{ ...PAGES, pageKb: 65536 }], 'linux', system);
  t.match(other.hugePages, { sizesKb: [2048, 1048576], free: 0, makeable: 0 });
  t.strictSame(await probeMemory([PAGES], 'linux', systemIn('/no')), MEMORY_UNSEEN);
  t.strictSame(await probeMemory([PAGES], 'darwin', system), MEMORY_UNSEEN);
  t.strictSame(await probeMemory([], 'linux', system), MEMORY_UNSEEN, 'nobody asked for it');
});

t.test('NUMA nodes', async (t) => {
  const root = folderOf(t, {
    node: {
      node0: {
        meminfo: 'Node 0 MemTotal:       2097152 kB\nNode 0 MemFree:        1000 kB\n',
        hugepages: { 'hugepages-2048kB': { free_hugepages: '7\n' } },
      },
      node1: {},
    },
  });
  const system = systemIn(root);
  const nodesOf = async (...needs: Need[]) => (await probeMemory(needs, 'linux', system)).nodes;
  t.strictSame(
    await nodesOf(onNode(0), onNode(1), onNode(2), onNode(0)),
    new Map([
      [0, { memoryMb: 2048, freeHugePages: null }],
      [1, { memoryMb: null, freeHugePages: null }],
      [2, null],
    ]),
  );
  t.strictSame(await nodesOf(onNode(0), PAGES), new Map([[0, { memoryMb: 2048, freeHugePages: 7 }]]));
  t.strictSame(await probeMemory([onNode(0)], 'linux', systemIn('/no')), MEMORY_UNSEEN);
});

t.test('locked memory', async (t) => {
  const limits = (hard: string) =>
    `Limit                     Soft Limit           Hard Limit           Units     \n` +
    `Max locked memory         65536                ${hard.padEnd(20)} bytes     \n`;
  const lockable = async (files: Record<string, string>) =>
    (await probeMemory([LOCK], 'linux', systemIn(folderOf(t, files)))).lockableBytes;
  const none = 'CapEff:\t0000000000000000\n';
  t.equal(await lockable({ limits: limits('8388608'), status: none }), 8388608);
  t.equal(await lockable({ limits: limits('8388608') }), 8388608, 'nothing is known of capabilities');
  t.equal(await lockable({ limits: limits('unlimited'), status: none }), Number.POSITIVE_INFINITY);
  const all = 'CapEff:\t000001ffffffffff\n';
  t.equal(await lockable({ limits: limits('8388608'), status: all }), Number.POSITIVE_INFINITY);
  t.equal(await lockable({ status: all }), null);
});

t.test('this host', onLinux, async (t) => {
  const { lockableBytes, nodes } = await probeMemory([LOCK, onNode(127)], 'linux', SYSTEM_FILES);
  t.ok(Number(lockableBytes) > 0, `${lockableBytes}`);
  t.ok(nodes === null || nodes.get(127) === null);
});
