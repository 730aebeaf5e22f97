#!/usr/bin/env bash
# Start VM dev (kvm, 1024 MB, 2 cores)
# Written by vmlab-planner for review: read it before you run it.
#
# While dev runs, QEMU uses up to 2 cores and 1024 MB of memory under kvm, writes to 1 disk and 2 shares and listens on 0 forwarded ports.
# The profile dev is valid; its acceleration is resolved from auto to kvm, with 2 cores and 1024 MB. The risk is medium. Nothing has been run.
#
# VM:           dev
# Risk:         medium
# Status:       draft
# Confirmation: required
# Privilege:    not required
# Host:         linux x86_64
# Accelerators: kvm
# Host facts:   given with the request
# Project root: /srv/lab
# plan_id:      plan-5b442e2edd3983f4
# plan_hash:    sha256:5b442e2edd3983f4c9e4fcc1086314583307397390050e9246b6502c6752431b
# profile_hash: sha256:c3b32326a05f33490e0db6dbf64a5679e8d1d6d85c250e02a50fc9e0e3e7eb19
# argv_hash:    sha256:517c5350947e223875157762011356a1f1f2c3756fe260b8083c2ea44b1f63c3
#
# Warnings:
# - warning outside-project-root: shares[2].path is "/opt/tool,chain", which leads to "/opt/tool,chain", outside the project root "/srv/lab".
#   Use a path in the project root unless that is meant.
#
# Open questions:
# - binary:qemu-system-x86_64: Is this QEMU 7.2 or later, with everything built in that the plan uses?
# - binary:qemu-system-x86_64: Is this QEMU installed on the host?
# - device:/dev/kvm: Does kvm run this CPU model here?
# - device:/dev/kvm: May the user that runs QEMU open it?
# - memory:1024M: Has the host so much memory?
# - path:read:/opt/tool,chain: Is there a directory that QEMU may read?
# - path:write:/srv/lab/images/dev.qcow2: Does its header name other files, and may QEMU open them?
# - path:write:/srv/lab/images/dev.qcow2: Is there an image of the format qcow2?
# - path:write:/srv/lab/plain: Is there a directory that QEMU may read?
# - path:write:/srv/lab/source: Is there a directory that QEMU may read?
# - path:write:/srv/lab/tpm/dev: Does AppArmor, where it confines swtpm, let it use the directory?
# - path:write:/srv/lab/tpm/dev: Is there a directory that swtpm may write to?
# - process:swtpm: Is "swtpm" installed on the host?
# - socket:unix:/srv/lab/run/dev.source.virtiofs.sock: Is its directory there, and may virtiofsd write to it?
# - socket:unix:/srv/lab/run/dev.tpm.sock: Is its directory there, and may swtpm write to it?
# - socket:unix:/srv/lab/run/tool,chain.sock: Is its directory there, and may virtiofsd write to it?
#
# Affected resources:
# - device:/dev/kvm
# - path:read:/opt/tool,chain
# - path:write:/srv/lab/images/dev.qcow2
# - path:write:/srv/lab/plain
# - path:write:/srv/lab/run/dev.source.virtiofs.sock.pid
# - path:write:/srv/lab/run/tool,chain.sock.pid
# - path:write:/srv/lab/source
# - path:write:/srv/lab/tpm/dev
# - process:swtpm
# - process:virtiofsd
# - socket:unix:/srv/lab/run/dev.source.virtiofs.sock
# - socket:unix:/srv/lab/run/dev.tpm.sock
# - socket:unix:/srv/lab/run/tool,chain.sock

set -euo pipefail

# A program that was started in the background ends when a later step fails.
helpers=''
trap 'for pid in $helpers; do kill "$pid" 2>/dev/null || true; done' EXIT

# A socket that an earlier run left does not show that a program is ready.
clear_socket() {
  if [ -S "$1" ]; then rm -- "$1"; fi
}

# Waits at most 10 seconds for the socket of the program that was started last, while that runs.
await_socket() {
  helpers="$helpers $!"
  for _ in {1..100}; do
    if ! kill -0 "$!" 2>/dev/null; then
      echo "The program that should listen on $1 has ended." >&2
      return 1
    fi
    if [ -S "$1" ]; then return; fi
    sleep 0.1
  done
  echo "Nothing listens on $1 after 10 seconds." >&2
  return 1
}

# Step 1 of 5, check-kvm-access: Check that this user may write to /dev/kvm
# Expected exit code: 0; at most 5 seconds.
cd -- /srv/lab
timeout 5 test -w /dev/kvm

# Step 2 of 5, start-swtpm: Start swtpm, the TPM of the VM
# Expected exit code: 0; no time limit. It goes on in the background; the next step waits for its socket "/srv/lab/run/dev.tpm.sock".
clear_socket /srv/lab/run/dev.tpm.sock
swtpm socket \
  --tpm2 \
  --tpmstate dir=/srv/lab/tpm/dev \
  --ctrl type=unixio,path=/srv/lab/run/dev.tpm.sock \
  --terminate &
await_socket /srv/lab/run/dev.tpm.sock

# Step 3 of 5, start-virtiofsd-source: Start virtiofsd for the share source
# Expected exit code: 0; no time limit. It goes on in the background; the next step waits for its socket "/srv/lab/run/dev.source.virtiofs.sock".
clear_socket /srv/lab/run/dev.source.virtiofs.sock
/opt/virtiofsd/bin/virtiofsd \
  --socket-path /srv/lab/run/dev.source.virtiofs.sock \
  --shared-dir /srv/lab/source \
  --sandbox namespace \
  --cache auto &
await_socket /srv/lab/run/dev.source.virtiofs.sock

# Step 4 of 5, start-virtiofsd-toolchain: Start virtiofsd for the share toolchain
# Expected exit code: 0; no time limit. It goes on in the background; the next step waits for its socket "/srv/lab/run/tool,chain.sock".
clear_socket /srv/lab/run/tool,chain.sock
/opt/virtiofsd/bin/virtiofsd \
  --socket-path /srv/lab/run/tool,chain.sock \
  --shared-dir /opt/tool,chain \
  --sandbox namespace \
  --cache always \
  --readonly &
await_socket /srv/lab/run/tool,chain.sock

# Step 5 of 5, start-qemu: Start QEMU for dev
# Expected exit code: 0; no time limit.
qemu-system-x86_64 \
  -machine q35,memory-backend=ram0 \
  -nodefaults \
  -no-user-config \
  -display none \
  -enable-kvm \
  -cpu host \
  -smp 2 \
  -m 1024M \
  -object memory-backend-memfd,id=ram0,size=1024M,share=on \
  -blockdev '{"backing":null,"driver":"qcow2","file":{"driver":"file","filename":"/srv/lab/images/dev.qcow2"},"node-name":"root"}' \
  -device '{"bootindex":1,"drive":"root","driver":"virtio-blk-pci","id":"disk-root","serial":"root"}' \
  -chardev socket,id=virtiofs-source,path=/srv/lab/run/dev.source.virtiofs.sock \
  -device '{"chardev":"virtiofs-source","driver":"vhost-user-fs-pci","id":"share-source","tag":"source"}' \
  -fsdev local,path=/srv/lab/plain,security_model=none,id=plain \
  -device virtio-9p-pci,fsdev=plain,mount_tag=plain \
  -chardev socket,id=virtiofs-toolchain,path=/srv/lab/run/tool,,chain.sock \
  -device '{"chardev":"virtiofs-toolchain","driver":"vhost-user-fs-pci","id":"share-toolchain","tag":"toolchain"}' \
  -chardev socket,id=tpm0,path=/srv/lab/run/dev.tpm.sock \
  -tpmdev emulator,id=tpm0,chardev=tpm0 \
  -device '{"driver":"tpm-crb","id":"tpm0","tpmdev":"tpm0"}' \
  -serial pty \
  -name dev

# From here on each program in the background ends when QEMU does.
trap - EXIT
