/** Refused by policy: QEMU might well do it. Only the refusal is checked, and that nothing here claims otherwise. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { HostFacts } from '../../../src/facts/host_facts.ts';
import type { Lane } from '../lane.ts';
import { ROOT_DISK, small } from '../small_profile.ts';

export interface PolicyCase {
  readonly name: string;
  readonly rule: string;
  readonly why: string;
  readonly profile: object;
  /** Facts to plan with instead of this host's; `null` to have it probed. */
  readonly facts?: HostFacts | null;
  readonly prepare?: (lane: Lane) => void;
}

export interface CheckedPolicy {
  readonly rule: string;
  readonly why: string;
  readonly isRefused: boolean;
  readonly words: string;
}

const WINDOWS: HostFacts = { os: 'windows', arch: 'x86_64', accelerators: [], project_root: 'C:\\lab' };

function disk(path: string): object {
  return small('x86_64', { storage: { disks: [{ ...ROOT_DISK, path }] } });
}

const CASES: readonly Omit<PolicyCase, 'name'>[] = [
  { rule: 'forbidden-path', why: 'keys, passwords and devices of the host', profile: disk('/etc/shadow') },
  {
    rule: 'outside-project-root',
    why: 'QEMU replaces what is at the path of a socket',
    profile: small('x86_64', { qmp: { socket: '/var/x.sock' } }),
  },
  { rule: 'shell-expansion', why: 'a name that looks as if a shell would change it', profile: disk('~/x') },
  { rule: 'control-character', why: 'a reviewer has to see what is there', profile: disk('x\u202ey') },
  { rule: 'secret-in-argv', why: 'every user of the host can read argv', profile: disk('password=hunter2') },
  {
    rule: 'symlink-escape',
    why: 'a path that leads elsewhere than it seems',
    profile: small('x86_64'),
    facts: null,
    prepare: ({ root, outside }) => symlinkSync(outside, join(root, 'i')),
  },
  {
    rule: 'invalid-qemu-binary',
    why: 'a plan starts QEMU and nothing else',
    profile: small('x86_64', { vm: { name: 'x', qemu_binary: '/bin/sh' } }),
  },
  {
    rule: 'size-on-share',
    why: 'a share has no size; nothing of it reaches argv',
    profile: small('x86_64', {
      storage: { disks: [ROOT_DISK, { name: 's', path: 's', format: 'host-path', size_gb: 1 }] },
    }),
  },
  {
    rule: 'serial-device-not-used',
    why: 'a value that would be dropped silently',
    profile: small('x86_64', { serial: { enabled: true, mode: 'pty', device: 'x' } }),
  },
  {
    rule: 'invalid-escape-sequence',
    why: 'a hint for console tools; nothing of it reaches argv',
    profile: small('x86_64', { console: { escape_sequence: 'x' } }),
  },
  {
    rule: 'wrong-type',
    why: 'nothing is coerced',
    profile: { ...small('x86_64'), hardware: { arch: 'x86_64', cores: '2', memory_mb: 512 } },
  },
  { rule: 'missing-field', why: 'a profile without a name', profile: { ...small('x86_64'), vm: {} } },
  {
    rule: 'not-allowed',
    why: 'QEMU has more formats than are planned for',
    profile: small('x86_64', { storage: { disks: [{ ...ROOT_DISK, format: 'vhdx' as 'raw' }] } }),
  },
  {
    rule: 'too-many-elements',
    why: 'a bound on the work for one request',
    profile: small('x86_64', {
      network: {
        interfaces: Array.from({ length: 5000 }, (_, index) => ({
          name: `n${index}`,
          type: 'none' as const,
        })),
      },
    }),
  },
  {
    rule: 'too-many-unknown-fields',
    why: 'a bound on the work for one request',
    profile: {
      ...small('x86_64'),
      extra: undefined,
      ...Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`k${index}`, 1])),
    },
  },
  {
    rule: 'host-lacks-backend',
    why: 'that QEMU is on another host',
    profile: small('x86_64', { serial: { enabled: true } }),
    facts: WINDOWS,
  },
  { rule: 'drive-relative-path', why: 'that QEMU is on another host', profile: disk('C:x'), facts: WINDOWS },
];

export const POLICY_CASES: readonly PolicyCase[] = CASES.map((each) => ({ ...each, name: each.rule }));

export async function checkPolicy(
  { rule, why, profile, facts, prepare }: PolicyCase,
  lane: Lane,
): Promise<CheckedPolicy> {
  lane.empty();
  prepare?.(lane);
  const answer = await lane.service.argv({ profile }, facts === undefined ? lane.facts : facts);
  const codes = 'refusal' in answer ? answer.refusal.errors.map(({ code }) => code) : [];
  return {
    rule,
    why,
    isRefused: codes.includes(rule),
    words: 'refusal' in answer ? `refused with ${codes.join(', ')}` : 'accepted',
  };
}
