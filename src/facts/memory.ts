/** Memory of this host that a VM can ask for by kind or by place: plain data. */

/** What a look at it showed; `null` for what was not asked, or where nobody can look. */
export interface HostMemory {
  readonly hugePages: HugePages | null;
  /** By number, those that were asked for; `null` for one that is not there. */
  readonly nodes: ReadonlyMap<number, MemoryNode | null> | null;
  /** As much as this service, and what it starts, may lock; infinite for a process without that limit. */
  readonly lockableBytes: number | null;
}

export const MEMORY_UNSEEN: HostMemory = { hugePages: null, nodes: null, lockableBytes: null };

/** Huge pages of the size that was asked for. */
export interface HugePages {
  /** The sizes that the kernel has, ascending. */
  readonly sizesKb: readonly number[];
  /** Pages that nobody has, and nobody was promised. */
  readonly free: number;
  /** Pages that the kernel would still make of other memory, where it finds enough in one piece. */
  readonly makeable: number;
}

/** A NUMA node. */
export interface MemoryNode {
  /** All memory of it; `null` where that is not told. */
  readonly memoryMb: number | null;
  /** Huge pages of the size that was asked for; `null` where none were. */
  readonly freeHugePages: number | null;
}
