#!/usr/bin/env bash
# Start VM guarded (tcg, 1024 MB, 2 cores)
# Written by vmlab-planner for review: read it before you run it.
#
# While guarded runs, QEMU uses up to 2 cores and 1024 MB of memory under tcg, writes to 1 disk and listens on 0 forwarded ports.
# The profile guarded is valid; its acceleration is resolved from auto to tcg, with 2 cores and 1024 MB. The risk is medium. Nothing has been run. QEMU makes no promise of isolation under tcg.
#
# VM:           guarded
# Risk:         medium
# Status:       draft
# Confirmation: required
# Privilege:    not required
# Host:         linux x86_64
# Accelerators: none
# Host facts:   given with the request
# Project root: /srv/lab
# plan_id:      plan-c9deb8d7a8f2c2b5
# plan_hash:    sha256:c9deb8d7a8f2c2b547280bb0db9a97f98b54d2e74898a2f454a2e245a53e3da3
# profile_hash: sha256:e0e22033559d79ef8590fc89328d596e4389cebb2e22ec4c18728ae7f0874abc
# argv_hash:    sha256:b6a15973c5f734c47f417e722c1be8e1fee7d01c5e400938ae77eb204c0c7a3e
#
# Warnings:
# - warning acceleration-fallback: hardware.acceleration is "auto" and becomes slow emulation (tcg): kvm is not used because the linux host does not have it.
#   Run it on a host that can accelerate it, or set acceleration = "tcg" if emulation is meant.
# - info no-console at serial.enabled: The VM has neither a serial port nor a forwarded port; there will be no way to talk to it.
#   Enable [serial], or forward a port of a "user" interface.
#
# Open questions:
# - binary:qemu-system-x86_64: Is this QEMU 7.2 or later, with everything built in that the plan uses?
# - binary:qemu-system-x86_64: Is this QEMU installed on the host?
# - memory:1024M: Has the host so much memory?
# - path:write:/srv/lab/images/guarded.qcow2: Does its header name other files, and may QEMU open them?
# - path:write:/srv/lab/images/guarded.qcow2: Is there an image of the format qcow2?
# - path:write:/srv/lab/tpm/guarded: Does AppArmor, where it confines swtpm, let it use the directory?
# - path:write:/srv/lab/tpm/guarded: Is there a directory that swtpm may write to?
# - process:swtpm: Is "swtpm" installed on the host?
# - socket:unix:/srv/lab/run/guarded.tpm.sock: Is its directory there, and may swtpm write to it?
#
# Affected resources:
# - path:write:/srv/lab/images/guarded.qcow2
# - path:write:/srv/lab/tpm/guarded
# - process:swtpm
# - socket:unix:/srv/lab/run/guarded.tpm.sock

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

# Step 1 of 2, start-swtpm: Start swtpm, the TPM of the VM
# Expected exit code: 0; no time limit. It goes on in the background; the next step waits for its socket "/srv/lab/run/guarded.tpm.sock".
cd -- /srv/lab
clear_socket /srv/lab/run/guarded.tpm.sock
swtpm socket \
  --tpm2 \
  --tpmstate dir=/srv/lab/tpm/guarded \
  --ctrl type=unixio,path=/srv/lab/run/guarded.tpm.sock \
  --terminate &
await_socket /srv/lab/run/guarded.tpm.sock

# Step 2 of 2, start-qemu: Start QEMU for guarded
# Expected exit code: 0; no time limit.
qemu-system-x86_64 \
  -machine q35 \
  -nodefaults \
  -no-user-config \
  -display none \
  -accel tcg \
  -cpu max \
  -smp 2 \
  -m 1024M \
  -blockdev '{"backing":null,"driver":"qcow2","file":{"driver":"file","filename":"/srv/lab/images/guarded.qcow2"},"node-name":"root"}' \
  -device '{"bootindex":1,"drive":"root","driver":"virtio-blk-pci","id":"disk-root","serial":"root"}' \
  -chardev socket,id=tpm0,path=/srv/lab/run/guarded.tpm.sock \
  -tpmdev emulator,id=tpm0,chardev=tpm0 \
  -device '{"driver":"tpm-crb","id":"tpm0","tpmdev":"tpm0"}' \
  -name guarded

# From here on each program in the background ends when QEMU does.
trap - EXIT
