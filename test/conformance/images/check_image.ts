/** One image: what the service says of it, what QEMU does with it, and which files each of them finds behind it. */
import { realpathSync } from 'node:fs';
import type { Lane } from '../lane.ts';
import { openThings } from '../qemu/proc.ts';
import { type Ended, type Running, startPaused } from '../qemu/start_paused.ts';
import { type Disk, small } from '../small_profile.ts';
import type { ImageCase } from './image_cases.ts';
import { ImageTools } from './tools.ts';

export interface CheckedImage {
  readonly name: string;
  /** What the service says, an error with `!`. */
  readonly codes: readonly string[];
  /** What QEMU says. */
  readonly words: string;
  readonly complaints: readonly string[];
}

export async function checkImage(each: ImageCase, lane: Lane): Promise<CheckedImage> {
  lane.empty();
  const tools = new ImageTools(lane);
  each.make(tools);
  const profile = small('x86_64', {
    storage: { disks: disksOf(each) },
    serial: { enabled: true, mode: 'pty' },
  });
  const validated = await lane.service.validate({ profile });
  const codes = [...validated.errors, ...validated.warnings]
    .map(({ code, severity }) => `${code}${severity === 'error' ? '!' : ''}`)
    .sort();
  // Where facts are given nothing is looked at: argv is the same, whatever is wrong with the image.
  const given = await lane.service.argv({ profile }, lane.facts);
  if ('refusal' in given) throw new Error('the service refuses the profile on a given host');
  const argv = [lane.program('x86_64'), ...given.body.argv.slice(1)];
  const outcome = await startPaused(argv, lane.sandbox, { cwd: lane.root });
  try {
    const complaints = complaintsAbout(each, codes, outcome);
    if (outcome.isRunning && each.opensMore !== true) {
      const planned = await lane.service.plan({ profile }, null);
      if ('body' in planned)
        complaints.push(...chainComplaints(planned.body.affected_resources, outcome, each, tools));
    }
    const words = outcome.isRunning ? 'QEMU starts' : outcome.words;
    return { name: each.name, codes: [...new Set(codes)], words, complaints };
  } finally {
    if (outcome.isRunning) await outcome.stop();
  }
}

function disksOf({ disk, second }: ImageCase): Disk[] {
  const root: Disk = { name: 'root', path: 'i/root', format: 'qcow2', ...disk };
  return second === undefined ? [root] : [root, { name: 'b', path: 'i/second', format: 'qcow2', ...second }];
}

function complaintsAbout(
  { says, isRefused }: ImageCase,
  codes: readonly string[],
  outcome: Running | Ended,
): string[] {
  const complaints: string[] = [];
  if (String(codes) !== String([...says].sort()))
    complaints.push(`says ${codes.join(' ')}, not ${says.join(' ')}`);
  if (!outcome.isRunning && outcome.timedOut) complaints.push('QEMU did not answer in time');
  const refuses = isRefused === true || says.some((code) => code.endsWith('!'));
  if (outcome.isRunning === refuses) complaints.push(`QEMU ${refuses ? 'starts' : 'refuses'}`);
  return complaints;
}

interface Information {
  readonly filename: string;
  readonly 'format-specific'?: {
    readonly data?: {
      readonly 'data-file'?: string;
      readonly extents?: readonly { readonly filename: string }[];
    };
  };
}

/** The files of the plan have to be those that qemu-img finds, and those that QEMU holds open. */
function chainComplaints(
  resources: readonly string[],
  { pid }: Running,
  each: ImageCase,
  tools: ImageTools,
): string[] {
  const ours = filesIn(
    resources.map((resource) => resource.replace(/^path:/, '')),
    tools,
  );
  const told = disksOf(each).flatMap(({ path, format }) => {
    const text = tools.inRoot('info', '-U', '--backing-chain', '--output=json', '-f', format, path);
    return (JSON.parse(text) as Information[]).flatMap((information) => {
      const data = information['format-specific']?.data;
      const extents = data?.extents?.map((extent) => extent.filename) ?? [];
      return [
        information.filename,
        ...extents,
        ...(data?.['data-file'] === undefined ? [] : [data['data-file']]),
      ];
    });
  });
  const open = openThings(pid).files.map(({ path }) => path);
  const theirs = [
    ['qemu-img finds', filesIn(told, tools)],
    ['QEMU has open', filesIn(open, tools)],
  ] as const;
  return theirs
    .filter(([, files]) => String(files) !== String(ours))
    .map(([who, files]) => `the plan has ${ours.join(', ')}; ${who} ${files.join(', ')}`);
}

/** The real paths of those that lie in the project root, sorted, each once. */
function filesIn(paths: readonly string[], { root }: ImageTools): string[] {
  const real = paths
    .map((path) => path.replace(/^file:/, ''))
    .map((path) => (path.startsWith('/') ? path : `${root}/${path}`))
    .filter((path) => path.startsWith(`${root}/`))
    .map((path) => realpathSync.native(path).slice(root.length + 1));
  return [...new Set(real)].sort();
}
