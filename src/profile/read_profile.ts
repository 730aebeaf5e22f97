/** The first stage: from any value to a draft, with every problem that can be seen without knowing the host. */
import { type Findings, newFindings } from './issue.ts';
import { DEEPEST_NESTING, nestsTooDeep, parseToml, type TextProblem } from './parse_toml.ts';
import type { Draft } from './profile.ts';
import { defaultQmpSocket } from './qmp.ts';
import { type OrdinaryProfile, readOrdinary } from './read_ordinary.ts';
import { type ReadNotes, readerOf } from './read_table.ts';
import { consoleRules } from './rules/console_rules.ts';
import { crossRules } from './rules/cross_rules.ts';
import { hardwareRules } from './rules/hardware_rules.ts';
import { kernelRules } from './rules/kernel_rules.ts';
import { networkRules } from './rules/network_rules.ts';
import { secretRules } from './rules/secret_rules.ts';
import { serialRules } from './rules/serial_rules.ts';
import { storageRules } from './rules/storage_rules.ts';
import { vmRules } from './rules/vm_rules.ts';
import { ProfileSchema } from './schema.ts';

export interface Reading {
  /** What was read, as it was. */
  readonly document: unknown;
  readonly draft: Draft;
  readonly findings: Findings;
  /** The canonical text of a profile whose texts hold nothing that is escaped anywhere, and no secret; `null` of any other. */
  readonly ordinary: string | null;
}

const readDocument = readerOf(ProfileSchema);
const UNKNOWN_KEYS = 100;

/**
 * Reads and checks a profile document. Nothing is thrown and nothing is coerced: `"4"` is not 4.
 * `document` nests at most 16 deep, as decoding has seen to.
 */
export function readProfile(document: unknown): Reading {
  return readingOf(document, readOrdinary(document));
}

/** Reads a profile in TOML. A document that is ordinary does not nest deep, so that only others are asked how deep they do. */
export function readToml(text: string): { readonly reading: Reading } | { readonly problem: TextProblem } {
  const parsed = parseToml(text);
  if ('problem' in parsed) return parsed;
  const { document } = parsed;
  const ordinary = readOrdinary(document);
  return ordinary === null && nestsTooDeep(document)
    ? { problem: { line: 1, column: 1, reason: `The text nests deeper than ${DEEPEST_NESTING} levels.` } }
    : { reading: readingOf(document, ordinary) };
}

function readingOf(document: unknown, ordinary: OrdinaryProfile | null): Reading {
  const findings = newFindings();
  const draft = ordinary === null ? readEachKey(document, findings) : ordinary.profile;
  applyRules(draft, findings);
  return { document, draft, findings, ordinary: ordinary === null ? null : ordinary.canonical };
}

/** The long way: reads what can be read, and reports each key that has to change. */
export function readEachKey(document: unknown, findings: Findings): Draft {
  const notes: ReadNotes = { findings, at: [], secrets: [], unknownKeys: 0 };
  const draft = readDocument(document, notes) as Draft;
  fillQmpDefaults(document, draft, findings);
  lowerMacAddresses(draft);
  if (notes.unknownKeys > UNKNOWN_KEYS) tooManyUnknownKeys(notes.unknownKeys, findings);
  secretRules(draft, notes.secrets, findings);
  return draft;
}

function applyRules(draft: Draft, findings: Findings): void {
  vmRules(draft, findings);
  hardwareRules(draft, findings);
  storageRules(draft, findings);
  networkRules(draft, findings);
  serialRules(draft, findings);
  consoleRules(draft, findings);
  kernelRules(draft, findings);
  crossRules(draft, findings);
}

/** Two spellings of one address are one profile. */
function lowerMacAddresses({ network }: Draft): void {
  for (const netInterface of network.interfaces ?? []) netInterface.mac = netInterface.mac?.toLowerCase();
}

/** What a profile is whose text cannot be read: nothing but the one problem. */
export function unreadableProfile(code: string, message: string): Reading {
  const findings = newFindings();
  const { draft } = readProfile({});
  findings.error([], code, message, 'Mend the file.');
  return { document: undefined, draft, findings, ordinary: null };
}

/** Writing `[qmp]` is asking for it; a socket is needed only then. */
function fillQmpDefaults(document: unknown, { vm, qmp }: Draft, { refused }: Findings): void {
  qmp.enabled ??=
    refused('qmp') || refused('qmp.enabled') ? undefined : Object.hasOwn(Object(document), 'qmp');
  if (qmp.enabled && qmp.socket === undefined && vm.name !== undefined && !refused('qmp.socket')) {
    qmp.socket = defaultQmpSocket(vm.name);
  }
}

function tooManyUnknownKeys(count: number, { error }: Findings): void {
  error(
    [],
    'too-many-unknown-fields',
    `The profile has ${count} unknown keys; at most ${UNKNOWN_KEYS} are dropped with a warning.`,
    'Remove the keys that are not in the profile schema.',
  );
}
