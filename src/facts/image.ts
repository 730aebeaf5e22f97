/** What the header of a disk image says: plain data. */

export interface ImageHeader {
  /** The container format that the first bytes show, `unknown` for what may be a raw disk. */
  readonly format: string;
  /** Why QEMU does not open it as it is; `null` when the header shows no reason. */
  readonly fault: ImageFault | null;
  /** Bytes of the disk that the guest sees; `null` when the header was not understood so far. */
  readonly virtualSize: number | null;
  /** The other files that QEMU opens with it. */
  readonly names: readonly FileName[];
  /** Whether it can name more files, in bytes that were not read or in a format that is not followed. */
  readonly mayNameMore: boolean;
}

export interface ImageFault {
  readonly code: 'image-corrupt' | 'image-encrypted' | 'image-unreadable-header';
  /** What it is or has, to complete a sentence about it. */
  readonly says: string;
  /** What it means where the image is only read: QEMU refuses to write to it in any case. */
  readonly whenRead: 'error' | 'warning' | null;
  /** Whether it is in the descriptor of a vmdk image, which QEMU reads of a disk and not of an extent. */
  readonly isInDescriptor?: true;
}

/** What a header calls another file. */
export interface FileName {
  readonly role: 'backing' | 'data' | 'extent';
  readonly text: string;
  /** The format that QEMU opens it in; `null` where QEMU finds out by its first bytes. */
  readonly format: string | null;
  /** Absolute and normalised; `null` for what is no path of a file, such as a URL. */
  readonly path: string | null;
  /** Of what is no path: every path that stands in it, absolute, as written and as it really is. */
  readonly mentions: readonly string[];
}

/** A name as it stands in a header, before it is known where that leads. */
export type WrittenName = Omit<FileName, 'path' | 'mentions'>;
export type WrittenHeader = Omit<ImageHeader, 'names'> & { readonly names: readonly WrittenName[] };

/** So many files behind an image are followed. */
export const DEEPEST_CHAIN = 16;
