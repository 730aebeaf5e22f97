/** The work of a run, spread over the lanes: one QEMU in each at a time. */
import type { Lane } from './lane.ts';

export interface Task {
  readonly name: string;
  /** Index of the lane that it needs; `null` for any. */
  readonly lane: number | null;
  readonly run: (lane: Lane) => Promise<void>;
}

interface Case {
  readonly name: string;
  readonly lane?: number;
}

/** A task for each case, which puts what it finds into `results`. */
export function tasksOf<Each extends Case, Result>(
  kind: string,
  cases: readonly Each[],
  check: (each: Each, lane: Lane) => Promise<Result>,
  results: Result[],
): Task[] {
  return cases.map((each) => ({
    name: `${kind}: ${each.name}`,
    lane: each.lane ?? null,
    run: async (lane) => {
      results.push(await check(each, lane));
    },
  }));
}

/** Each lane takes the next task that it may do. */
export async function runTasks(tasks: readonly Task[], lanes: readonly Lane[]): Promise<void> {
  const waiting = [...tasks];
  const work = async (lane: Lane, index: number): Promise<void> => {
    for (;;) {
      const next = waiting.findIndex((task) => task.lane === null || task.lane === index);
      const [task] = next === -1 ? [] : waiting.splice(next, 1);
      if (task === undefined) return;
      await task.run(lane).catch((error: Error) => {
        throw new Error(`${task.name}: ${error.message}`, { cause: error });
      });
    }
  };
  // Without networks of their own two QEMUs would take each other's ports.
  if (lanes.every(({ sandbox }) => sandbox.isPrivate)) await Promise.all(lanes.map(work));
  else for (const [index, lane] of lanes.entries()) await work(lane, index);
}
