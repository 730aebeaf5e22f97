/**
 * The profiles of the OpenAPI document's examples, each with the host that its JSON requests give.
 *
 * As TOML a profile is planned for the service's own host, whatever that has: so that trying one out works at once, no
 * path has to be there. A disk has a size to be created with, and the share is the project root itself.
 */

export interface ExampleProfile {
  readonly summary: string;
  readonly toml: string;
  /** Host facts as a request gives them. */
  readonly host: object;
}

export const LINUX_KVM = { os: 'linux', arch: 'x86_64', accelerators: ['kvm'], project_root: '/srv/lab' };
export const ARM_MAC = {
  os: 'darwin',
  arch: 'aarch64',
  accelerators: ['hvf'],
  project_root: '/Users/dev/lab',
};

const MINIMAL = `schema_version = 1

[vm]
name = "minimal"

[hardware]
arch = "x86_64"
cores = 2
memory_mb = 2048

[[storage.disks]]
name = "root"
path = "images/minimal.qcow2"
format = "qcow2"
size_gb = 20
boot = true
`;

const KERNEL_DEV = `schema_version = 1

[vm]
name = "kernel-dev"
description = "Kernel development with serial console"

[hardware]
arch = "x86_64"
cores = 4
memory_mb = 8192

[[storage.disks]]
name = "root"
path = "images/kernel-root.qcow2"
format = "qcow2"
size_gb = 40
boot = true

# In the guest: mount -t 9p -o trans=virtio,version=9p2000.L,ro source /mnt
[[storage.disks]]
name = "source"
path = "."
format = "host-path"
readonly = true

[[network.interfaces]]
name = "net0"
type = "user"
hostfwd = ["tcp:127.0.0.1:2222-:22", "tcp:127.0.0.1:8080-:80"]

[serial]
enabled = true
mode = "pty"

[qmp]
enabled = true
`;

const ARM_ON_MAC = `schema_version = 1

[vm]
name = "arm-mac"

[hardware]
arch = "aarch64"
cores = 8
memory_mb = 4096

[[storage.disks]]
name = "root"
path = "images/arm-mac.qcow2"
format = "qcow2"
size_gb = 20

# A disk alone does not boot on this machine. Enable this once boot/Image is there: then a missing file is an error.
[kernel]
enabled = false
bzimage = "boot/Image"
append = "console=ttyAMA0 root=/dev/vda1 rw"

[serial]
enabled = true

[[network.interfaces]]
name = "net0"
type = "user"
hostfwd = ["tcp:127.0.0.1:2222-:22"]
`;

const MISTAKES = `schema_version = 1

[vm]
name = "mistakes"

[hardware]
arch = "x86_64"
cpu = "host"
cores = 2
memory_mb = 2048
acceleration = "tcg"

[kernel]
enabled = true
append = "console=ttyS0 root=LABEL=root"

[serial]
enabled = true

[[network.interfaces]]
name = "net0"
type = "user"
hostfwd = ["tcp:127.0.0.1:2222-:22", "tcp:127.0.0.1:2222-:80"]
`;

/** By the key that an example has in every place. */
export const EXAMPLE_PROFILES = {
  minimal: { summary: 'Minimal: one disk and nothing else', toml: MINIMAL, host: LINUX_KVM },
  'kernel-dev': {
    summary: 'Kernel development: a share, port forwards, serial console, QMP',
    toml: KERNEL_DEV,
    host: LINUX_KVM,
  },
  'arm-mac': {
    summary: 'Arm on a Mac: hvf, and a warning about booting from disk',
    toml: ARM_ON_MAC,
    host: ARM_MAC,
  },
  mistakes: { summary: 'Three mistakes, all reported at once', toml: MISTAKES, host: LINUX_KVM },
} as const satisfies Readonly<Record<string, ExampleProfile>>;
