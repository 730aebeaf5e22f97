/**
 * The profiles of the OpenAPI document's examples, each with the host that its JSON requests give.
 *
 * As TOML a profile is planned for the service's own host, whatever that has: so that trying one out works at once, no
 * path has to be there. A disk has a size to be created with, and the share is the project root itself. One that cannot do
 * without files says so.
 */

export interface ExampleProfile {
  readonly summary: string;
  readonly toml: string;
  /** Host facts as a request gives them. */
  readonly host: object;
  /** That it takes files of others, so that as TOML it is refused where they are not. */
  readonly needsFiles?: true;
}

export const LINUX_KVM = { os: 'linux', arch: 'x86_64', accelerators: ['kvm'], project_root: '/srv/lab' };
export const ARM_MAC = {
  os: 'darwin',
  arch: 'aarch64',
  accelerators: ['hvf'],
  project_root: '/Users/dev/lab',
};

const OVMF_SECURE_BOOT = {
  arch: 'x86_64',
  code: '/usr/share/OVMF/OVMF_CODE_4M.ms.fd',
  code_format: 'raw',
  secure_boot: true,
  vars_format: 'raw',
  vars_template: '/usr/share/OVMF/OVMF_VARS_4M.ms.fd',
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

const DESKTOP = `schema_version = 2

[vm]
name = "desktop"

[hardware]
arch = "x86_64"
cores = 2
memory_mb = 4096

[[storage.disks]]
name = "root"
path = "images/desktop.qcow2"
format = "qcow2"
size_gb = 40
discard = "unmap"

[[network.interfaces]]
name = "net0"
type = "user"

# Who may open the socket has the screen. A graphics card and a tablet come with it.
[display]
mode = "spice"
socket = "run/desktop.spice"
agent = true
usb_redirection = 2

[gpu]
width = 1920
height = 1080

[audio]
backend = "spice"

[serial]
enabled = true
`;

const WINDOWS_11 = `schema_version = 2

[vm]
name = "windows-11"

[machine]
type = "q35"

[hardware]
arch = "x86_64"
cpu = "host,hv_relaxed,hv_spinlocks=0x1fff,hv_vapic,hv_time"
cores = 2
memory_mb = 8192
acceleration = "kvm"

[firmware]
type = "uefi" # which file that is, is for the host to say
secure_boot = true

[[storage.disks]]
name = "system"
path = "images/windows-11.qcow2"
format = "qcow2"
size_gb = 80
bus = "sata" # Windows has no driver for virtio at first
ssd = true

[[storage.cdroms]]
name = "setup"
path = "images/windows-11.iso"

[[network.interfaces]]
name = "net0"
type = "user"
model = "e1000e"

[display]
mode = "spice"
socket = "run/windows-11.spice"

[rtc]
base = "localtime" # Windows takes the clock of the machine for local time

[tpm]
enabled = true
state_dir = "tpm/windows-11"
`;

const CLOUD_IMAGE = `schema_version = 2

[vm]
name = "cloud-image"

[hardware]
arch = "x86_64"
cores = 2
memory_mb = 2048

[[storage.disks]]
name = "root"
path = "images/cloud-image.qcow2" # a copy of the download: the VM writes to it
format = "qcow2"
size_gb = 20
boot = true

# cloud-init finds it by its label: cloud-localds images/cloud-image-seed.img user-data meta-data
[[storage.disks]]
name = "seed"
path = "images/cloud-image-seed.img"
format = "raw"
size_gb = 1
readonly = true

[[network.interfaces]]
name = "net0"
type = "user"
hostfwd = ["tcp:127.0.0.1:2225-:22"]

[serial]
enabled = true
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
  desktop: {
    summary: 'A desktop: SPICE with sound, the clipboard and USB devices of the viewer',
    toml: DESKTOP,
    host: LINUX_KVM,
  },
  'windows-11': {
    summary: 'Windows 11: Secure Boot, SATA, a TPM; where firmware and ISO are there',
    toml: WINDOWS_11,
    host: { ...LINUX_KVM, firmware: [OVMF_SECURE_BOOT] },
    needsFiles: true,
  },
  'cloud-image': {
    summary: 'A cloud image, set up by cloud-init from a second disk',
    toml: CLOUD_IMAGE,
    host: LINUX_KVM,
  },
  mistakes: { summary: 'Three mistakes, all reported at once', toml: MISTAKES, host: LINUX_KVM },
} as const satisfies Readonly<Record<string, ExampleProfile>>;
