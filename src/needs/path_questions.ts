/** What nobody has looked at of a path, in questions that kinds of needs have in common. */
import type { Host } from '../facts/host.ts';
import type { NamedPath } from './named_path.ts';
import type { Unknown } from './need_kind.ts';

/** Of what has to be there: the kind's own question where no host was probed. */
export function questionsOfExisting({ path }: NamedPath, { probed }: Host, isThere: string): Unknown[] {
  const subject = `path:${path}`;
  if (probed === null) return [{ question: isThere, subject }];
  const isUnseen = probed.paths.get(path)?.kind === 'unreadable';
  return isUnseen ? [{ question: 'May QEMU read it?', subject }] : [];
}

/** Of what QEMU creates. */
export function questionsOfCreated({ path }: NamedPath, { probed }: Host): Unknown[] {
  return probed === null
    ? [{ question: 'Is its directory there, and may QEMU write to it?', subject: `path:${path}` }]
    : [];
}
