/**
 * Answers that were given before, by the text that asked for them. Only what is a pure function of that text may be
 * kept: plans for a given host, of a profile that is in the request. The cost of a hit is that of finding it.
 */
import { LRUCache } from 'lru-cache';
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
  readonly find: (form: string, request: string) => KeptAnswer | undefined;
  readonly keep: (form: string, request: string, answer: KeptAnswer) => void;
}

export function newAnswerCache(mostBytes = MOST_BYTES): AnswerCache {
  const answers = new LRUCache<string, KeptAnswer>({ maxSize: mostBytes, sizeCalculation: sizeOf });
  const seen = new Uint32Array(SLOTS);
  const statistics = {
    hits: 0,
    misses: 0,
    get entries(): number {
      return answers.size;
    },
    get bytes(): number {
      return answers.calculatedSize;
    },
  };
  return {
    statistics,
    find: (form, request) => {
      const answer = answers.get(keyOf(form, request));
      if (answer === undefined) statistics.misses++;
      else statistics.hits++;
      return answer;
    },
    keep: (form, request, answer) => {
      if (wasSeen(seen, answer.note)) answers.set(keyOf(form, request), withoutMessages(answer));
    },
  };
}

function keyOf(form: string, request: string): string {
  return `${form}\n${request}`;
}

/** Of the issues only what is counted: their texts are in the answer already. */
function withoutMessages({ text, note }: KeptAnswer): KeptAnswer {
  return { text, note: { ...note, issues: note.issues.map(({ code, severity }) => ({ code, severity })) } };
}

/** Two bytes a character is what a string takes at most. */
function sizeOf({ text }: KeptAnswer, key: string): number {
  return 2 * (text.length + key.length);
}

/** Notes a plan by its hashes; whether it was noted before and no other has taken its slot since. */
function wasSeen(seen: Uint32Array, { profile_hash, argv_hash }: PlanNote): boolean {
  const slot = digitsOf(profile_hash) % SLOTS;
  const mark = digitsOf(argv_hash);
  const isSeen = seen[slot] === mark;
  seen[slot] = mark;
  return isSeen;
}

/** The first 32 bits of a hash, `sha256:…`. */
function digitsOf(hash: string | null): number {
  return Number.parseInt(String(hash).slice(7, 15), 16);
}
