/** Hosts to plan for besides the one that the service runs on. */

export interface KnownHost {
  readonly label: string;
  /** `null` for the host of the service, which it looks at itself. */
  readonly facts: object | null;
}

const OVMF = {
  arch: 'x86_64',
  code: '/usr/share/OVMF/OVMF_CODE_4M.fd',
  code_format: 'raw',
  vars_template: '/usr/share/OVMF/OVMF_VARS_4M.fd',
  vars_format: 'raw',
  secure_boot: false,
};
const OVMF_SECURE_BOOT = {
  ...OVMF,
  code: '/usr/share/OVMF/OVMF_CODE_4M.secboot.fd',
  vars_template: '/usr/share/OVMF/OVMF_VARS_4M.ms.fd',
  secure_boot: true,
};
const AAVMF = {
  arch: 'aarch64',
  code: '/usr/share/AAVMF/AAVMF_CODE.fd',
  code_format: 'raw',
  vars_template: '/usr/share/AAVMF/AAVMF_VARS.fd',
  vars_format: 'raw',
  secure_boot: false,
};
/** Of QEMU itself, as Homebrew installs it. */
const EDK2 = {
  arch: 'aarch64',
  code: '/opt/homebrew/share/qemu/edk2-aarch64-code.fd',
  code_format: 'raw',
  vars_template: '/opt/homebrew/share/qemu/edk2-arm-vars.fd',
  vars_format: 'raw',
  secure_boot: false,
};
const LINUX = { os: 'linux', project_root: '/srv/lab', firmware: [OVMF, OVMF_SECURE_BOOT, AAVMF] };

export const HOSTS: readonly KnownHost[] = [
  { label: 'this one, looked at', facts: null },
  { label: 'Linux, x86_64, kvm', facts: { ...LINUX, arch: 'x86_64', accelerators: ['kvm'] } },
  { label: 'Linux, aarch64, kvm', facts: { ...LINUX, arch: 'aarch64', accelerators: ['kvm'] } },
  { label: 'Linux, x86_64, no kvm', facts: { ...LINUX, arch: 'x86_64', accelerators: [] } },
  {
    label: 'macOS, aarch64, hvf',
    facts: {
      os: 'darwin',
      arch: 'aarch64',
      accelerators: ['hvf'],
      project_root: '/Users/me/lab',
      firmware: [EDK2],
    },
  },
  {
    label: 'Windows, x86_64, whpx',
    facts: { os: 'windows', arch: 'x86_64', accelerators: ['whpx'], project_root: 'C:\\lab' },
  },
];
