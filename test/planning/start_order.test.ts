/** The order in which VMs are started, against a slow model of the rule. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { startOrder, type Wait } from '../../src/planning/start_order.ts';
import { finished } from '../help/fleets.ts';

const SEED = 20261129;

const wait = (vm: number, on: number): Wait => ({ vm, on, pointer: `/${vm}/${on}` });
const orderOf = (count: number, ...pairs: [number, number][]) =>
  finished(
    startOrder(
      count,
      pairs.map(([vm, on]) => wait(vm, on)),
    ),
  );

t.test('again and again the first VM all of whose waits are over', (t) => {
  t.strictSame(orderOf(0), { order: [], circles: [] });
  t.strictSame(orderOf(3).order, [0, 1, 2], 'else the order of the requests');
  t.strictSame(orderOf(4, [0, 3], [1, 3]).order, [2, 3, 0, 1], 'those that are free again come first');
  t.strictSame(orderOf(3, [0, 1], [1, 2]).order, [2, 1, 0]);
  t.strictSame(orderOf(3, [0, 2], [0, 2]).order, [1, 2, 0], 'waiting for one VM for two reasons');
  t.strictSame(
    orderOf(4, [0, 1], [1, 2], [2, 1]),
    { order: [3, 0, 1, 2], circles: [[wait(1, 2), wait(2, 1)]] },
    'a circle, and who waits for it, come last',
  );
  t.end();
});

t.test('against the rule itself', (t) => {
  const fleets = fc.integer({ min: 2, max: 9 }).chain((count) =>
    fc.tuple(
      fc.constant(count),
      fc.array(
        fc.tuple(fc.nat(count - 1), fc.nat(count - 1)).filter(([vm, on]) => vm !== on),
        { maxLength: 14 },
      ),
    ),
  );
  fc.assert(
    fc.property(fleets, ([count, pairs]) => {
      const { order, circles } = orderOf(count, ...pairs);
      assert.deepEqual(order, modelOrder(count, pairs));
      assert.deepEqual(
        circles.map((circle) => circle.map(({ vm }) => vm)).sort(),
        modelCircles(count, pairs).sort(),
      );
      for (const circle of circles)
        for (const { on } of circle)
          assert.ok(
            circle.some(({ vm }) => vm === on),
            'each waits for another member',
          );
    }),
    { seed: SEED, numRuns: 3000 },
  );
  t.pass();
  t.end();
});

t.test('long chains and circles', (t) => {
  const count = 50_000;
  const chain = Array.from({ length: count - 1 }, (_, vm): [number, number] => [vm, vm + 1]);
  t.strictSame(orderOf(count, ...chain).order.slice(0, 2), [count - 1, count - 2]);
  const { order, circles } = orderOf(count, ...chain, [count - 1, 0]);
  t.equal(order.length, count);
  t.strictSame(
    circles.map(({ length }) => length),
    [count],
  );
  const all = Array.from({ length: count - 1 }, (_, vm): [number, number] => [vm, count - 1]);
  t.strictSame(orderOf(count, ...all).order.slice(0, 3), [count - 1, 0, 1]);
  t.end();
});

function modelOrder(count: number, pairs: readonly [number, number][]): number[] {
  const order: number[] = [];
  const left = new Set(Array.from({ length: count }, (_, vm) => vm));
  for (;;) {
    const vm = [...left].find((one) => pairs.every(([who, on]) => who !== one || !left.has(on)));
    if (vm === undefined) return [...order, ...left];
    left.delete(vm);
    order.push(vm);
  }
}

/** Those who reach one another, by asking for each pair. */
function modelCircles(count: number, pairs: readonly [number, number][]): number[][] {
  const reach = Array.from(
    { length: count },
    (_, vm) => new Set(pairs.filter(([who]) => who === vm).map(([, on]) => on)),
  );
  for (let pass = 0; pass < count; pass++)
    for (const from of reach) for (const on of [...from]) for (const next of reach[on] ?? []) from.add(next);
  const circles = new Map<string, number[]>();
  for (let vm = 0; vm < count; vm++) {
    const members = Array.from({ length: count }, (_, other) => other).filter(
      (other) => reach[vm]?.has(other) === true && reach[other]?.has(vm) === true,
    );
    if (members.length > 1) circles.set(members.join(), members);
  }
  return [...circles.values()];
}
