/**
 * A topic a file: what the profile means, stated anew from the profile and not by the code under test, and how QEMU shows what it
 * made of it.
 */
import type { ProfileDocument } from '../../../../src/topics/profile.ts';
import type { Lane } from '../../lane.ts';
import type { OpenFile, OpenThings } from '../../qemu/proc.ts';
import type { Qmp } from '../../qemu/qmp.ts';
import type { Qtest } from '../../qemu/qtest.ts';
import type { Architecture } from '../../settings.ts';
import type { Device } from '../qtree.ts';

/** By the name of the field, as the tables of the report have it. */
export type Fields = Readonly<Record<string, unknown>>;

export type Counts = readonly (readonly [type: string, count: number])[];

export interface Asked {
  readonly profile: ProfileDocument;
  readonly arch: Architecture;
  /** A path of the profile, absolute. */
  readonly place: (path: string) => string;
}

export interface Seen {
  readonly qmp: Qmp;
  readonly qtest: Qtest;
  readonly devices: readonly Device[];
  readonly things: OpenThings;
  readonly pid: number;
  /** The programs that the plan starts before QEMU, by the path of the socket that each listens on. */
  readonly helpers: ReadonlyMap<string, number>;
  /** Whether passt is among them. */
  readonly hasPasst: boolean;
}

export interface Topic {
  readonly means: (asked: Asked) => Fields;
  /** The same fields, as QEMU has them. */
  readonly seen: (seen: Seen, asked: Asked) => Promise<Fields>;
  /** Devices that it adds, by QEMU's type. */
  readonly devices?: (asked: Asked) => Counts;
  /** Objects that it names, each with what it is. */
  readonly objects?: (asked: Asked) => readonly (readonly [id: string, what: string])[];
  /** Files and directories that QEMU holds open for it. */
  readonly files?: (asked: Asked) => OpenFile[];
  /** Sockets that somebody else than QEMU listens on. */
  readonly elsewhere?: (asked: Asked) => string[];
  /** Makes what has to be there before the start. */
  readonly make?: (asked: Asked, lane: Lane) => void;
}
