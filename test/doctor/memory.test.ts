/** What a look at huge pages, NUMA nodes and the limit for locked memory shows, as findings and as issues of a plan. */
import t from 'tap';
import { type HostMemory, MEMORY_UNSEEN } from '../../src/facts/memory.ts';
import { type Change, changed } from '../help/documents.ts';
import { LINUX, probed } from '../help/hosts.ts';
import { metadataOf, outcomeOf, plannedOf, startPlanOf } from '../help/plans.ts';
import { checkProfiles } from '../help/reports.ts';
import { checkIssues } from '../help/rows.ts';

/** 512 pages of 2 MiB. */
const PAGES: Change = { schema_version: 2, 'memory.hugepages_kb': 2048 };
const BOUND: Change = {
  schema_version: 2,
  numa: [
    { cpus: [0], memory_mb: 256, host_node: 0 },
    { cpus: [1], memory_mb: 256, host_node: 0 },
    { memory_mb: 512, host_node: 1 },
  ],
};
const LOCK: Change = { schema_version: 2, 'memory.lock': true };

const SIZES = [2048, 1048576];
const free = (count: number, makeable = 0): Partial<HostMemory> => ({
  hugePages: { sizesKb: SIZES, free: count, makeable },
});
const nodes = (first: number | null, second: number | null): Partial<HostMemory> => ({
  nodes: new Map([first, second].map((count, index) => [index, { memoryMb: 4096, freeHugePages: count }])),
});

t.test('findings', (t) => {
  const own = 'info qemu huge-pages-free';
  const bound = { ...BOUND, 'memory.hugepages_kb': 2048 };
  checkProfiles(t, [
    ['nobody looked', PAGES, {}],
    ['as many as there have to be', PAGES, { memory: free(512) }, own],
    ['one too few', PAGES, { memory: free(511) }, 'warning qemu huge-pages-short'],
    ['the kernel may make one', PAGES, { memory: free(511, 1) }],
    [
      'no such size',
      { ...PAGES, 'memory.hugepages_kb': 65536 },
      { memory: free(0) },
      'error qemu huge-pages-missing',
    ],
    ['on nodes', bound, { memory: { ...free(600), ...nodes(256, 256) } }, own],
    ['nobody looked at nodes', bound, { memory: free(600) }, own],
    [
      'too few on each node',
      bound,
      { memory: { ...free(600), ...nodes(255, 0) } },
      'warning qemu huge-pages-short:0',
      'warning qemu huge-pages-short:1',
    ],
    ['the kernel may make some anywhere', bound, { memory: { ...free(600, 1), ...nodes(255, 0) } }, own],
    ['nodes', BOUND, { memory: nodes(null, null) }],
    [
      'no such node',
      BOUND,
      {
        memory: {
          nodes: new Map([
            [0, { memoryMb: null, freeHugePages: null }],
            [1, null],
          ]),
        },
      },
      'error qemu host-node-missing:[2]',
    ],
    [
      'a small node',
      BOUND,
      { memory: { nodes: new Map([[0, { memoryMb: 511, freeHugePages: null }]]) } },
      'warning qemu host-node-small:[0]',
      'warning qemu host-node-small:[1]',
    ],
    ['a limit', LOCK, { memory: { lockableBytes: 8388608 } }, 'warning qemu memory-lock-limit'],
    ['no limit', LOCK, { memory: { lockableBytes: Number.POSITIVE_INFINITY } }],
  ]);
});

t.test('issues of a plan', (t) => {
  const on = (about: string, change: Change, memory: Partial<HostMemory>, ...issues: string[]) =>
    checkIssues(t, changed(change), issues, about, probed(LINUX, { memory }));
  on('too few', PAGES, free(3), 'warning huge-pages-short memory.hugepages_kb');
  const other = { ...PAGES, 'memory.hugepages_kb': 65536 };
  on('no such size', other, free(0), 'error huge-pages-missing memory.hugepages_kb');
  const gone = { nodes: new Map([[1, null]]) };
  on('no such node', BOUND, gone, 'error host-node-missing numa[2].host_node');
  on('a limit', LOCK, { lockableBytes: 0 }, 'warning memory-lock-limit memory.lock');
  t.end();
});

t.test('what is said of it', (t) => {
  const said = (change: Change, memory: Partial<HostMemory>) => {
    const outcome = outcomeOf(changed(change), probed(LINUX, { memory }));
    return [...(outcome.isValid ? [] : outcome.errors), ...outcome.warnings].map(
      ({ message, suggestion }) => `${message} ${suggestion}`,
    );
  };
  t.match(said(PAGES, free(3)), [
    'memory.hugepages_kb is 2048, and the VM takes 512 of these pages; 3 are free on this host, and QEMU does not start. Let root raise the number in /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages by 509, or remove it.',
  ]);
  t.match(said({ ...PAGES, 'memory.hugepages_kb': 65536 }, free(3)), [
    /has those of 2048 and 1048576 KiB; QEMU/,
  ]);
  const none = { hugePages: { sizesKb: [], free: 0, makeable: 0 } };
  t.match(said(PAGES, none), [/has none of any size; QEMU/]);
  t.match(said(LOCK, { lockableBytes: 65536 }), [/may lock 65536 bytes, less than the 1024 MiB of the VM/]);
  t.end();
});

t.test('what is left to ask', (t) => {
  const asked = (change: Change, memory: Partial<HostMemory>): unknown[] => {
    const { unknowns } = metadataOf(startPlanOf(plannedOf(changed(change), probed(LINUX, { memory }))));
    return (unknowns as { question: string }[])
      .map(({ question }) => question)
      .filter((question) => /huge|NUMA|MEMLOCK/.test(question));
  };
  t.match(asked(PAGES, MEMORY_UNSEEN), [/^Has the host huge pages of this size/]);
  t.strictSame(asked(PAGES, free(512)), []);
  t.strictSame(asked(PAGES, free(510, 5)), ['Can the kernel still make 2 huge pages of other memory?']);
  t.strictSame(asked(PAGES, free(0)), []);
  const node = 'Has this NUMA node enough memory free?';
  t.strictSame(asked(BOUND, nodes(null, null)), [node, node]);
  t.equal(asked(BOUND, MEMORY_UNSEEN).length, 2);
  t.equal(asked(LOCK, { lockableBytes: 8388608 }).length, 1, 'of another user nobody knows');
  t.end();
});
