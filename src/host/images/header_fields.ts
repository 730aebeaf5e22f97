/** What headers of several formats have in common. */
import type { ImageFault } from '../../facts/image.ts';

/** The text of bytes up to the first NUL, where QEMU's strings end. */
export function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end);
}

/** A header that QEMU refuses however the image is to be used. */
export function unreadable(says: string): ImageFault {
  return { code: 'image-unreadable-header', says, whenRead: 'error' };
}

/** A rule that a header breaks, and what is then said of the image. */
export type HeaderRule<Header> = readonly [
  isBroken: (header: Header) => boolean,
  says: (header: Header) => string,
];

/** The first rule that is broken, in the order in which QEMU looks. */
export function brokenRule<Header>(rules: readonly HeaderRule<Header>[], header: Header): ImageFault | null {
  const broken = rules.find(([isBroken]) => isBroken(header));
  return broken === undefined ? null : unreadable(broken[1](header));
}
