/** The work of a run, spread over the lanes: one QEMU in each at a time. */
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Lane } from './lane.ts';
import { LOGS } from './settings.ts';

/** What was tried, and how many seconds each took, as the run goes on. */
const DONE = join(LOGS, 'tasks.log');

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

/** A case that the suite itself could not try to its end. */
export interface Broken {
  readonly name: string;
  readonly words: string;
}

/** Each lane takes the next task that it may do. */
export async function runTasks(
  tasks: readonly Task[],
  lanes: readonly Lane[],
  broken: Broken[],
): Promise<void> {
  const waiting = [...tasks];
  rmSync(DONE, { force: true });
  const work = async (lane: Lane, index: number): Promise<void> => {
    for (;;) {
      const next = waiting.findIndex((task) => task.lane === null || task.lane === index);
      const [task] = next === -1 ? [] : waiting.splice(next, 1);
      if (task === undefined) return;
      const start = Date.now();
      await task
        .run(lane)
        .catch((error: Error) => broken.push({ name: task.name, words: String(error.stack) }));
      appendFileSync(DONE, `${(Date.now() - start) / 1000} ${task.name}\n`);
    }
  };
  // Without networks of their own two QEMUs would take each other's ports.
  if (lanes.every(({ sandbox }) => sandbox.isPrivate)) await Promise.all(lanes.map(work));
  else for (const [index, lane] of lanes.entries()) await work(lane, index);
}
