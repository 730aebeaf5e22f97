import { dirname } from 'node:path';
import type { DirectorySight } from '../context/host_survey.ts';
import { directoryState, lookAt } from './look.ts';

const KIND_ONLY = { header: false, parent: false } as const;

/** What is at an absolute path where a directory is wanted, and whether this user could make it. */
export async function surveyDirectory(path: string): Promise<DirectorySight> {
  const { kind, realPath } = await lookAt(path, KIND_ONLY);
  if (kind === 'missing') {
    const existing = await deepestExisting(dirname(realPath));
    const canBeMade = (await directoryState(existing)) === 'writable';
    return { path, realPath, state: 'missing', existing, canBeMade };
  }
  const state =
    kind === 'directory'
      ? await directoryState(realPath)
      : kind === 'file' || kind === 'other'
        ? 'not-a-directory'
        : kind;
  return { path, realPath, state, existing: realPath, canBeMade: false };
}

async function deepestExisting(path: string): Promise<string> {
  const { kind } = await lookAt(path, KIND_ONLY);
  return kind === 'missing' ? deepestExisting(dirname(path)) : path;
}
