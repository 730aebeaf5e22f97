/** What real builds of QEMU have of what profiles can name, oldest first; `npm run capabilities` records them. */
import type { Architecture } from '../facts/host_facts.ts';
import debian12 from './builds/7.2.json' with { type: 'json' };
import ubuntu2404 from './builds/8.2.json' with { type: 'json' };
import debian13 from './builds/10.0.json' with { type: 'json' };
import debianUnstable from './builds/11.1.json' with { type: 'json' };

export interface RecordedBuild {
  /** Major and minor number. */
  readonly version: string;
  /** As QEMU itself says. */
  readonly package: string;
  /** What `-device` takes on all architectures. */
  readonly devices: readonly string[];
  /** Devices in modules, which a distribution can have in packages of their own. */
  readonly in_modules: readonly string[];
  /** What is built in to reach the host by. */
  readonly backends: Readonly<Record<BackendOption, readonly string[]>>;
  readonly targets: Readonly<Record<Architecture, RecordedTarget>>;
}

/** The option of QEMU that takes a backend, without its dash. */
export type BackendOption = 'audiodev' | 'display' | 'netdev' | 'tpmdev';

export interface RecordedTarget {
  readonly machines: readonly string[];
  readonly deprecated_machines: readonly string[];
  /** The CPU models that its machine starts with. */
  readonly cpus: readonly string[];
  /** Those of them that it does not start with in a VM of 8 cores and 32 GiB. */
  readonly small_cpus: readonly string[];
  /** What `-device` takes on this architecture and not on all. */
  readonly devices: readonly string[];
  /** Features that tcg lacks of models. */
  readonly incomplete_on_tcg: readonly {
    readonly cpus: readonly string[];
    readonly lack: readonly string[];
  }[];
}

export const BUILDS: readonly RecordedBuild[] = [debian12, ubuntu2404, debian13, debianUnstable];
