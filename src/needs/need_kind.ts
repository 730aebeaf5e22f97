/** What all kinds of needs have in common: a kind is one file that knows everything about needs of its kind. */
import type { Host, ProbedDirectory, ProbedFiles, ProbedNetwork } from '../facts/host.ts';
import type { Architecture, HostFacts } from '../facts/host_facts.ts';
import type { IssueCode } from '../profile/codes.ts';
import type { LocatedIssue, Severity } from '../profile/issue.ts';
import type { DeclaredBase, ImageFormat } from './kinds/image.ts';
import type { SeedSources } from './kinds/seed.ts';

export type Risk = 'low' | 'medium' | 'high';

/** Something that a plan relies on and that nobody looked at. Members in the order of canonical JSON. */
export interface Unknown {
  readonly question: string;
  /** Named as in `affected_resources`. */
  readonly subject: string;
}

/** What the rules for paths ask of the kind of thing that a path is for. */
export interface PathTraits {
  readonly isDirectory?: true;
  readonly isSocket?: true;
  /** Whether QEMU creates it when it starts, or replaces or empties what is there. */
  readonly isCreated?: true;
  /** Whether it may lie outside the project root without a word. */
  readonly isAnywhere?: true;
  /** Whether it must not lie anywhere else than in the project root. */
  readonly isInRoot?: true;
  /** Directories outside the project root in which it may lie without a word. */
  readonly homes?: readonly string[];
  /** Whether nothing else may name it: what the guest keeps is written to it, and no lock keeps others away. */
  readonly isOwn?: true;
  /** Whether it is a block device, which has names that stay the same. */
  readonly isDevice?: true;
  /** Whether it holds what the guest has on a disk. */
  readonly isDisk?: true;
  /** Whether QEMU connects to it, and somebody else listens there. */
  readonly isConnected?: true;
  /** Whether many VMs may have it together, also to write there. */
  readonly isShared?: true;
}

/** What is in dispute when several VMs of one host need it. */
export interface Claim {
  /** What the dispute is called. */
  readonly code: IssueCode;
  /** Equal for the same thing. */
  readonly key: string;
  /** What of it is taken, where that is less than all of it. */
  readonly part?: string;
  /** The larger part that this one is of, where there is one. */
  readonly within?: string;
  /** The thing in words. */
  readonly thing: () => string;
  /** What becomes of the VMs that need it, in words. */
  readonly harm: string;
}

/** What another VM of the same host has to have before this one starts. */
export interface Want extends Pick<Claim, 'code' | 'key' | 'thing'> {}

/** How a finding can be mended by a plan; data, of which the doctor makes the plan. */
export type Remedy =
  | {
      readonly kind: 'make-directory';
      readonly directory: ProbedDirectory;
      /** Whether nobody but its owner may look into it. */
      readonly isPrivate?: true;
    }
  | {
      readonly kind: 'create-image';
      readonly name: string;
      readonly path: string;
      readonly format: ImageFormat;
      /** `null` to have that of the base. */
      readonly sizeGb: number | null;
      readonly base: DeclaredBase | null;
      /** What is written when it is created; `off` for nothing. */
      readonly preallocation: string;
      /** The file with its password; `null` for an image without one. */
      readonly keyFile: string | null;
      readonly directory: ProbedDirectory;
    }
  | {
      readonly kind: 'copy-vars';
      readonly path: string;
      /** What is copied; `null` where nobody knows, so that no plan can. */
      readonly template: string | null;
      readonly directory: ProbedDirectory;
    }
  | ({
      readonly kind: 'make-seed';
      readonly path: string;
      readonly directory: ProbedDirectory;
    } & SeedSources)
  | { readonly kind: 'remove-socket'; readonly path: string }
  | { readonly kind: 'install-qemu'; readonly binary: string; readonly arch: Architecture }
  | { readonly kind: 'install-helper'; readonly program: string }
  | { readonly kind: 'install-module'; readonly module: string; readonly package: string }
  | { readonly kind: 'create-tap'; readonly device: string; readonly hasQueues: boolean }
  | {
      readonly kind: 'allow-bridge';
      readonly bridge: string;
      /** As the plan names it. */
      readonly resource: string;
    };

export type Category = 'qemu' | 'storage' | 'kernel' | 'network' | 'sockets' | 'devices';

/** What a look at the host shows of a need. A plan says it as an issue where it has a code, the doctor as a finding. */
export interface Verdict {
  /** The finding's id, with its subject where there can be several. */
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** What is there, or is not: one sentence. */
  readonly says: string;
  /** How to mend it; empty for what is well. */
  readonly mend: string;
  /** What the doctor says in place of `mend`, since it knows more and may bring a plan. */
  readonly advice?: string;
  /** What a plan says it as; none for what only the doctor says. */
  readonly issue?: IssueCode;
  /** Where a plan takes it less hard than the doctor. */
  readonly issueSeverity?: Severity;
  readonly category: Category;
  /** Named as in `affected_resources`. */
  readonly resources: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly remedy?: Remedy;
}

/** What one thing is found to be; what all verdicts on it have in common is added once. */
export type OwnVerdict = Omit<Verdict, 'category' | 'resources' | 'metadata'>;

/** The verdict on what is as it should be. */
export function fine(id: string, title: string, says: string): OwnVerdict {
  return { id, severity: 'info', title, says, mend: '' };
}

/** The verdict on one of several of a kind, each of which belongs to an element of a list. */
export function ofElement(verdict: Verdict, subject: string): Verdict {
  if (subject === '') return verdict;
  return { ...verdict, id: `${verdict.id}:${subject}`, title: `${verdict.title} (${subject})` };
}

/** What a look at the host showed. */
export interface Seen {
  readonly facts: HostFacts;
  readonly files: ProbedFiles;
  /** `null` in a plan, which does not ask what other processes have. */
  readonly network: ProbedNetwork | null;
  /** The name of the element that the need belongs to, unlike that of any other; only the doctor says it. */
  readonly subject: string;
}

/** What is known to be wrong, or doubtful, without a look at files. */
export type KnownIssue = Pick<LocatedIssue, 'severity' | 'code' | 'message'> &
  Partial<Pick<LocatedIssue, 'suggestion'>>;

export interface NeedKind<Need> {
  /** Its names among the affected resources of plans of a version; none for what is no thing of the host. */
  readonly resources: (need: Need, version: number) => readonly string[];
  /** What nobody looked at. */
  readonly unknowns: (need: Need, host: Host, version: number) => readonly Unknown[];
  /** What it counts for in plans of a version. */
  readonly risk: (need: Need, version: number) => Risk;
  readonly verdicts: (need: Need, seen: Seen) => readonly Verdict[];
  /** What a reviewer has to see first: a way into the guest, or what of the host the guest gets; a sentence. */
  readonly exposes?: (need: Need) => string | null;
  /** What the facts of the host tell of it, given or not. */
  readonly known?: (need: Need, facts: HostFacts) => readonly KnownIssue[];
  /** Only of kinds that are paths. */
  readonly path?: PathTraits;
  /** What no two VMs of one host can have; a path says it by its traits. A look at the host may tell which thing it is. */
  readonly claim?: (need: Need, probed: ProbedFiles | null) => Claim;
  /** What has to come from another VM. */
  readonly want?: (need: Need) => Want;
}
