/** In which order VMs that wait for one another are started, and where they wait in circles. */

/** That a VM is started after another one; both by their number. */
export interface Wait {
  readonly vm: number;
  readonly on: number;
  /** What says so in the profile. */
  readonly pointer: string;
}

export interface StartOrder {
  /** All VMs: those that can never be out by the rule come last. */
  readonly order: readonly number[];
  /** Of each circle its members in ascending order, with what makes each wait for another one of them. */
  readonly circles: readonly (readonly Wait[])[];
}

/** Again and again the first VM all of whose waits are over. Gives way after each step. */
export function* startOrder(count: number, waits: readonly Wait[]): Generator<void, StartOrder> {
  const open = new Uint32Array(count);
  const waiting = new Map<number, number[]>();
  for (const { vm, on } of waits) {
    open[vm] = (open[vm] as number) + 1;
    const those = waiting.get(on) ?? [];
    waiting.set(on, those);
    those.push(vm);
    yield;
  }
  const order: number[] = [];
  // Of those before `next` all that are free and not out yet; those after it are found when it comes to them.
  const freed = newHeap();
  let next = 0;
  for (;;) {
    yield;
    while (freed.size() === 0 && next < count && open[next] !== 0) next++;
    if (freed.size() === 0 && next === count) break;
    const vm = freed.size() > 0 ? freed.take() : next++;
    order.push(vm);
    for (const one of waiting.get(vm) ?? []) {
      open[one] = (open[one] as number) - 1;
      if (open[one] === 0 && one < next) freed.add(one);
    }
  }
  if (order.length === count) return { order, circles: [] };
  const rest = [...open.keys()].filter((vm) => open[vm] !== 0);
  const left = new Set(rest);
  const circles = yield* circlesIn(
    rest,
    waits.filter(({ vm, on }) => left.has(vm) && left.has(on)),
  );
  return { order: [...order, ...rest], circles };
}

interface Heap {
  readonly size: () => number;
  readonly add: (value: number) => void;
  /** Takes the least; there is one. */
  readonly take: () => number;
}

function newHeap(): Heap {
  const values: number[] = [];
  const at = (place: number): number => values[place] ?? Number.POSITIVE_INFINITY;
  const swap = (one: number, other: number): void => {
    const value = at(one);
    values[one] = at(other);
    values[other] = value;
  };
  return {
    size: () => values.length,
    add: (value) => {
      let place = values.push(value) - 1;
      for (let above = (place - 1) >> 1; place > 0 && at(above) > at(place); above = (place - 1) >> 1) {
        swap(above, place);
        place = above;
      }
    },
    take: () => {
      swap(0, values.length - 1);
      const least = values.pop() as number;
      const lesserBelow = (place: number): number =>
        at(2 * place + 2) < at(2 * place + 1) ? 2 * place + 2 : 2 * place + 1;
      let place = 0;
      for (let below = lesserBelow(0); at(below) < at(place); below = lesserBelow(place)) {
        swap(place, below);
        place = below;
      }
      return least;
    },
  };
}

/** A VM on the way through those that it waits for. */
interface Visit {
  readonly vm: number;
  /** The next of its waits. */
  next: number;
}

/** Tarjan's strongly connected components of more than one VM, without recursion: a circle can be as long as the fleet. */
function* circlesIn(vms: readonly number[], waits: readonly Wait[]): Generator<void, Wait[][]> {
  const waitsOf = new Map<number, Wait[]>(vms.map((vm) => [vm, []]));
  for (const wait of waits) waitsOf.get(wait.vm)?.push(wait);
  const numbers = new Map<number, number>();
  const lowest = new Map<number, number>();
  const open: number[] = [];
  /** By VM, the first VM of its component; only of components that are complete. */
  const components = new Map<number, number>();
  const circles: Wait[][] = [];
  const lower = (vm: number, to: number): void => {
    lowest.set(vm, Math.min(lowest.get(vm) ?? to, to));
  };
  const enter = (vm: number): Visit => {
    lower(vm, numbers.size);
    numbers.set(vm, numbers.size);
    open.push(vm);
    return { vm, next: 0 };
  };
  const leave = (vm: number): void => {
    if (lowest.get(vm) !== numbers.get(vm)) return;
    const members = open.splice(open.lastIndexOf(vm)).sort((left, right) => left - right);
    for (const member of members) components.set(member, vm);
    if (members.length > 1) circles.push(members.flatMap((member) => inside(member, vm)));
  };
  const inside = (member: number, component: number): Wait[] =>
    (waitsOf.get(member) as Wait[]).filter(({ on }) => components.get(on) === component).slice(0, 1);
  for (const first of vms) {
    const visits = numbers.has(first) ? [] : [enter(first)];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      yield;
      const { vm } = visit;
      const wait = (waitsOf.get(vm) as Wait[])[visit.next++];
      if (wait === undefined) {
        leave(vm);
        visits.pop();
        const before = visits.at(-1);
        if (before !== undefined) lower(before.vm, lowest.get(vm) as number);
      } else if (!numbers.has(wait.on)) visits.push(enter(wait.on));
      else if (!components.has(wait.on)) lower(vm, numbers.get(wait.on) as number);
    }
  }
  return circles;
}
