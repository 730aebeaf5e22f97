/** What is wrong with an image, or with a file behind it, by its header. */
import type { ImageFault } from '../facts/image.ts';
import type { OwnVerdict } from './need_kind.ts';

const FAULTS: Readonly<Record<ImageFault['code'], { readonly title: string; readonly mend: string }>> = {
  'image-corrupt': {
    title: 'is marked as corrupt',
    mend: 'Mend a copy of it with "qemu-img check -r all", or use another image.',
  },
  'image-encrypted': {
    title: 'is encrypted',
    mend: 'No key can be named in a profile: use an image without encryption.',
  },
  'image-unreadable-header': {
    title: 'has a header that QEMU does not take',
    mend: 'Use another image; "qemu-img info" says more of this one.',
  },
};

/** `naming` begins a sentence about the file, `subject` tells it from others; `null` when nothing stands in the way. */
export function faultVerdict(
  fault: ImageFault | null,
  access: 'read' | 'write',
  naming: string,
  { called, subject }: { readonly called: string; readonly subject: string },
): OwnVerdict | null {
  const severity = fault !== null && access === 'read' ? fault.whenRead : 'error';
  if (fault === null || severity === null) return null;
  const { code, says } = fault;
  const { title, mend } = FAULTS[code];
  const effect = severity === 'error' ? '; QEMU does not start' : '';
  return {
    id: `${code}:${subject}`,
    severity,
    title: `${called} ${title}`,
    says: `${naming}, which ${says}${effect}.`,
    mend,
    issue: code,
  };
}
