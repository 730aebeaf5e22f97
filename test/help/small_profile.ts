/** One small profile in the forms of a request; it can be planned on a host that has nothing. */
import { fromToml } from './plans.ts';

export const SMALL_TOML = `# comment
schema_version = 1

[vm]
name = "small"

[hardware]
arch = "x86_64"
cores = 2
memory_mb = 1024

[[storage.disks]]
name = "root"
path = "images/root.qcow2"
format = "qcow2"
size_gb = 10

[serial]
enabled = true
`;

export const SMALL: Record<string, unknown> = JSON.parse(JSON.stringify(fromToml(SMALL_TOML)));

export const LINUX_HOST = {
  os: 'linux',
  arch: 'x86_64',
  accelerators: ['kvm'],
  project_root: '/srv/lab',
} as const;

/** A plan request that any service answers with the same bytes. */
export function envelope(profile: object = {}): { profile: object; host: object } {
  return { profile: { ...SMALL, ...profile }, host: LINUX_HOST };
}
