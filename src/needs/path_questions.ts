/** What nobody has looked at of a path, in questions that kinds of needs have in common. */
import type { Host, ProbedPath } from '../facts/host.ts';
import type { NamedPath } from './named_path.ts';
import type { Unknown } from './need_kind.ts';

/** Of what has to be there: the kind's own question where no host was probed. */
export function questionsOfExisting(need: AccessedPath, { probed }: Host, isThere: string): Unknown[] {
  if (probed === null) return [{ question: isThere, subject: `path:${need.path}` }];
  return questionsOfAccess(need, probed.paths.get(need.path));
}

/** Of what was looked at: this user's access answers for QEMU, the lack of it does not, since QEMU may have another user. */
export function questionsOfAccess({ path, access }: AccessedPath, seen: ProbedPath | undefined): Unknown[] {
  const subject = `path:${path}`;
  return [
    ...(seen?.isReadable === true ? [] : [{ question: 'May QEMU read it?', subject }]),
    ...(access === 'read' || seen?.isWritable === true
      ? []
      : [{ question: 'May QEMU write to it?', subject }]),
  ];
}

/** Of what QEMU creates, or another program; `isAnswered` tells whether a look has shown that this user could. */
export function questionsOfCreated(
  { path }: NamedPath,
  { probed }: Host,
  isAnswered: (seen: ProbedPath) => boolean = mayBeCreated,
  program = 'QEMU',
): Unknown[] {
  const seen = probed?.paths.get(path);
  return seen !== undefined && isAnswered(seen)
    ? []
    : [{ question: `Is its directory there, and may ${program} write to it?`, subject: `path:${path}` }];
}

export function mayBeCreated({ directory }: ProbedPath): boolean {
  return directory.state === 'writable';
}

/** The same of what QEMU writes to where it is there. */
export function mayBeWritten(seen: ProbedPath): boolean {
  return seen.kind === 'file' ? seen.isWritable : mayBeCreated(seen);
}

type AccessedPath = NamedPath & { readonly access: 'read' | 'write' };
