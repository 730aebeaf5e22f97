/**
 * Answers that were given before, by the bytes that asked for them. Only what is a pure function of those may be kept:
 * plans for a given host, of a profile that is in the request. The cost of a hit is that of finding it.
 */
import { crc32 } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import { HASH_PREFIX } from '../planning/hash.ts';
import { madeOnce } from '../profile/made_once.ts';
import type { PlanNote } from './plan_note.ts';

/** What all entries may take, in bytes as counted by `sizeOf`. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Slots that remember what was planned lately: an answer is kept when its plan is made for the second time. */
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
  /** `form` names the route and the form of the answer. */
  readonly find: (form: string, request: Uint8Array) => KeptAnswer | undefined;
  readonly keep: (form: string, request: Uint8Array, answer: KeptAnswer) => void;
}

/** An answer with what it answers. */
interface Entry {
  readonly form: string;
  readonly request: Buffer;
  readonly answer: KeptAnswer;
}

export function newAnswerCache(mostBytes = MOST_BYTES): AnswerCache {
  const entries = new LRUCache<number, Entry>({ maxSize: mostBytes, sizeCalculation: sizeOf });
  const seen = new Uint32Array(SLOTS);
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
    find: (form, request) => {
      const entry = entries.get(keyOf(form, request));
      if (entry === undefined || entry.form !== form || !entry.request.equals(request)) {
        statistics.misses++;
        return undefined;
      }
      statistics.hits++;
      return entry.answer;
    },
    keep: (form, request, answer) => {
      if (!wasSeen(seen, answer.note)) return;
      entries.set(keyOf(form, request), {
        form,
        request: Buffer.from(request),
        answer: withoutMessages(answer),
      });
    },
  };
}

/** A checksum, which others may have too: an entry says what it answers. */
function keyOf(form: string, request: Uint8Array): number {
  // As a signed number it is one that V8 need not put into an object.
  return crc32(request, seedOf(form)) | 0;
}

const seedOf = madeOnce((form: string) => crc32(form));

/** Of the issues only what is counted: their texts are in the answer already. */
function withoutMessages({ text, note }: KeptAnswer): KeptAnswer {
  return { text, note: { ...note, issues: note.issues.map(({ code, severity }) => ({ code, severity })) } };
}

/** Two bytes a character is what a string takes at most. */
function sizeOf({ request, answer }: Entry): number {
  return request.length + 2 * answer.text.length;
}

/** Notes a plan by its hashes; whether it was noted before and no other has taken its slot since. */
function wasSeen(seen: Uint32Array, { profile_hash, argv_hash }: PlanNote): boolean {
  const slot = digitsOf(profile_hash) % SLOTS;
  const mark = digitsOf(argv_hash);
  const isSeen = seen[slot] === mark;
  seen[slot] = mark;
  return isSeen;
}

/** A number made from the first digits of a hash, `sha256:…`. */
function digitsOf(hash: string | null): number {
  const digits = String(hash);
  let number = 0;
  for (let place = HASH_PREFIX; place < HASH_PREFIX + 8; place++)
    number = (number * 17 + digits.charCodeAt(place)) >>> 0;
  return number;
}
