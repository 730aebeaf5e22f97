/** What of this host matters to one profile: its files, the ports it forwards, the devices it joins. */
import { constants } from 'node:fs';
import { lstat, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Host, PathSight } from '../context/host_facts.ts';
import type { FileSurvey, FileSystemSpace, ProfileSurvey } from '../context/host_survey.ts';
import { isSocket, type PathUse, pathUses } from '../context/path_uses.ts';
import type { Draft } from '../profile/profile.ts';
import { readBridgeRules, readLinks } from './host_links.ts';
import { readListeners, readListeningSockets } from './host_ports.ts';
import { mayAccess } from './look.ts';
import { surveyDirectory } from './survey_directory.ts';
import type { SystemFiles } from './system_files.ts';

/** A draft with the host that it was checked against. */
export interface ProfileToExamine {
  readonly draft: Draft;
  readonly host: Host;
}

/** Looks around; read-only. Paths that `host` has no sight of are left out. */
export async function surveyProfile(
  { draft, host }: ProfileToExamine,
  system: SystemFiles,
): Promise<ProfileSurvey> {
  const isLinux = host.facts.os === 'linux';
  const [listeners, sockets, links, bridgeRules] = await Promise.all([
    isLinux ? readListeners(system.procNet) : null,
    isLinux ? readListeningSockets(system.procNet) : null,
    isLinux ? readLinks(system.sysNet) : null,
    isLinux ? readBridgeRules(system.bridgeRules) : null,
  ]);
  const files = pathUses(draft, host.facts).flatMap((use) => {
    const sight = host.sight?.paths.get(use.absolute);
    return sight === undefined ? [] : [{ use, sight }];
  });
  const surveys = files.map(
    async ({ use, sight }) => [use.absolute, await surveyFile(use, sight, sockets)] as const,
  );
  return {
    binary: host.sight?.binary ?? null,
    files: new Map(await Promise.all(surveys)),
    listeners,
    links,
    bridgeRules,
  };
}

async function surveyFile(
  use: PathUse,
  sight: PathSight,
  sockets: ReadonlySet<string> | null,
): Promise<FileSurvey> {
  const directory = await surveyDirectory(dirname(sight.realPath));
  return {
    sight,
    socket: isSocket(use) && (await isSocketFile(use.absolute)) ? useOf(use.absolute, sockets) : null,
    isWritable: await mayAccess(use.absolute, constants.W_OK),
    directory,
    space: use.purpose === 'image' ? await spaceAt(directory.existing) : null,
  };
}

function useOf(path: string, sockets: ReadonlySet<string> | null): FileSurvey['socket'] {
  if (sockets === null) return 'unknown';
  return sockets.has(path) ? 'listening' : 'silent';
}

async function isSocketFile(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => null);
  return stats?.isSocket() === true;
}

/** The file system of an existing directory; `null` when this user may not ask. */
async function spaceAt(directory: string): Promise<FileSystemSpace | null> {
  try {
    const [{ dev }, { bavail, bsize }] = await Promise.all([stat(directory), statfs(directory)]);
    return { device: String(dev), freeBytes: bavail * bsize };
  } catch {
    return null;
  }
}
