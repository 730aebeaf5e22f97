/**
 * Answers that were given before, by the bytes that asked for them. Only what is a pure function of those may be kept:
 * plans for a given host, of a profile that is in the request. The cost of a hit is that of finding it.
 */
import { crc32 } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import { madeOnce } from '../profile/made_once.ts';
import type { PlanNote } from './plan_note.ts';

/** What all entries may take, in bytes as counted by `sizeOf`. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Slots that remember what was asked for lately: an answer is kept when it is asked for the second time. */
const SLOTS = 4096;

export interface KeptAnswer {
  readonly text: string;
  readonly note: PlanNote;
}

/** How the cache does; read by `/metrics`. */
export interface CacheStatistics {
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
  readonly bytes: number;
}

export interface AnswerCache {
  readonly statistics: CacheStatistics;
  readonly find: (request: AskedFor) => KeptAnswer | undefined;
  readonly keep: (request: AskedFor, answer: KeptAnswer) => void;
}

/** What an answer depends on. */
export interface AskedFor {
  /** The route and the form of the answer. */
  readonly form: string;
  readonly bytes: Uint8Array;
  /** A checksum of both, which others may have too. */
  readonly key: number;
}

export function askedFor(form: string, bytes: Uint8Array): AskedFor {
  // As a signed number it is one that V8 need not put into an object.
  return { form, bytes, key: crc32(bytes, seedOf(form)) | 0 };
}

const seedOf = madeOnce((form: string) => crc32(form));

/** An answer with what it answers. */
interface Entry {
  readonly form: string;
  readonly bytes: Buffer;
  readonly answer: KeptAnswer;
}

export function newAnswerCache(mostBytes = MOST_BYTES): AnswerCache {
  const entries = new LRUCache<number, Entry>({ maxSize: mostBytes, sizeCalculation: sizeOf });
  const seen = new Int32Array(SLOTS);
  const statistics = {
    hits: 0,
    misses: 0,
    get entries(): number {
      return entries.size;
    },
    get bytes(): number {
      return entries.calculatedSize;
    },
  };
  return {
    statistics,
    find: ({ form, bytes, key }) => {
      const entry = entries.get(key);
      if (entry === undefined || entry.form !== form || !entry.bytes.equals(bytes)) {
        statistics.misses++;
        return undefined;
      }
      statistics.hits++;
      return entry.answer;
    },
    keep: ({ form, bytes, key }, answer) => {
      if (wasSeen(seen, key))
        entries.set(key, { form, bytes: Buffer.from(bytes), answer: withoutMessages(answer) });
    },
  };
}

/** Of the issues only what is counted: their texts are in the answer already. */
function withoutMessages({ text, note }: KeptAnswer): KeptAnswer {
  return { text, note: { ...note, issues: note.issues.map(({ code, severity }) => ({ code, severity })) } };
}

/** Two bytes a character is what a string takes at most. */
function sizeOf({ bytes, answer }: Entry): number {
  return bytes.length + 2 * answer.text.length;
}

/** Notes a key; whether it was noted before and no other has taken its slot since. */
function wasSeen(seen: Int32Array, key: number): boolean {
  const slot = (key >>> 0) % SLOTS;
  const isSeen = seen[slot] === key;
  seen[slot] = key;
  return isSeen;
}
