/** Whether the doctor says that an image is in use exactly where a second QEMU refuses it. */
import { probeHost } from '../../../src/host/probe_host.ts';
import { probeNetwork } from '../../../src/host/probe_network.ts';
import { verdictsOn } from '../../../src/needs/need.ts';
import { parseProfile } from '../../../src/planning/parse_profile.ts';
import { planProfile } from '../../../src/planning/plan_profile.ts';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import type { Lane } from '../lane.ts';
import { startPaused } from '../qemu/start_paused.ts';
import { type Disk, type Sections, small, small2 } from '../small_profile.ts';
import type { CheckedImage } from './check_image.ts';
import { ImageTools } from './tools.ts';
import type { UseCase } from './use_cases.ts';

export async function checkUse(each: UseCase, lane: Lane): Promise<CheckedImage> {
  const { name, holder, holderHas, disk, has, isInUse } = each;
  lane.empty();
  const tools = new ImageTools(lane);
  tools.img('create', '-q', '-f', 'qcow2', 'root', '4M');
  tools.img('create', '-q', '-f', 'qcow2', '-b', 'root', '-F', 'qcow2', 'over');
  for (const name of ['raw', 'own']) tools.img('create', '-q', '-f', 'raw', name, '4M');
  const first = await started(profileWith(holder, holderHas), lane);
  if (!first.isRunning) throw new Error(`the first QEMU does not start: ${first.words}`);
  const profile = profileWith(disk, has);
  const codes = await said(profile, lane);
  const second = await started(profile, lane);
  await first.stop();
  if (second.isRunning) await second.stop();
  const complaints = [
    ...(codes.some((code) => code.endsWith('-in-use')) === isInUse ? [] : [`says ${codes.join(' ')}`]),
    ...(second.isRunning === isInUse ? [`QEMU ${isInUse ? 'starts' : 'refuses'}`] : []),
  ];
  return { name, codes, words: second.isRunning ? 'QEMU starts' : second.words, complaints };
}

/** More than a disk is of version 2. */
function profileWith(disk: Partial<Disk>, more?: Sections): ProfileDocument {
  const disks = [{ name: 'root', path: 'i/root', format: 'qcow2', ...disk } as const];
  if (more === undefined) return small('x86_64', { storage: { disks } });
  return small2('x86_64', { ...more, storage: { disks, ...more.storage } });
}

async function started(profile: ProfileDocument, lane: Lane): ReturnType<typeof startPaused> {
  const answer = await lane.service.argv({ profile }, lane.facts);
  if ('refusal' in answer) throw new Error('the service refuses the profile');
  const argv = [lane.program('x86_64'), ...answer.body.argv.slice(1)];
  return startPaused(argv, lane.sandbox, { cwd: lane.root });
}

/** The ids of what the doctor says of disks, as far as it is about their use. */
async function said(document: ProfileDocument, lane: Lane): Promise<string[]> {
  const parsed = parseProfile(document);
  const host = await probeHost(parsed.draft, {
    machine: { os: 'linux', arch: lane.facts.arch },
    projectRoot: lane.root,
    strictPaths: false,
    searchPath: [],
    kvmDevice: '/dev/kvm',
  });
  const network = await probeNetwork(host.facts);
  const { facts, probed: files } = host;
  if (files === null) throw new Error('nothing was looked at');
  const { needs } = planProfile(parsed, host);
  return needs
    .filter(({ kind }) => /^(?:image|input-file|pidfile)/.test(kind))
    .flatMap((need) => verdictsOn(need, { facts, files, network, subject: 'root' }))
    .flatMap(({ id }) => id.split(':')[0] ?? []);
}
