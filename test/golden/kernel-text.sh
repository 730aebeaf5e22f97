#!/usr/bin/env bash
# Start VM kernel-text (kvm, 1024 MB, 1 core)
# Written by vmlab-planner for review: read it before you run it.
#
# While kernel-text runs, QEMU uses up to 1 core and 1024 MB of memory under kvm, writes to 0 disks and listens on 0 forwarded ports.
# The profile kernel-text is valid; its acceleration is resolved from auto to kvm, with 1 core and 1024 MB. The risk is medium. Nothing has been run.
#
# VM:           kernel-text
# Risk:         medium
# Status:       validated
# Confirmation: required
# Privilege:    not required
# Host:         linux x86_64
# Accelerators: kvm
# Host facts:   given with the request
# Project root: /srv/lab
# plan_id:      plan-fed6526f743e2d83
# plan_hash:    sha256:fed6526f743e2d83f5dafdc89d17d3b27c7a62e6bc92db0eff4d1b77de38579f
# profile_hash: sha256:cc6557cfd22d6b0109faa82eb6ad247a52594ff9b7a46171f8b8d8974c2a0f6c
# argv_hash:    sha256:7e210dc230445850a517e3ad7e842b2ab5619f09f3aa5b6b39b0694a8903d99f
#
# Warnings: none
#
# Open questions:
# - binary:qemu-system-x86_64: Is this QEMU 7.2 or later, with everything built in that the plan uses?
# - binary:qemu-system-x86_64: Is this QEMU installed on the host?
# - device:/dev/kvm: Does kvm run this CPU model here?
# - device:/dev/kvm: May the user that runs QEMU open it?
# - memory:1024M: Has the host so much memory?
# - path:/srv/lab/boot/initrd=b.img: Is there such a file?
# - path:/srv/lab/boot/vmlinuz,,6.1=a: Is there such a file?
#
# Affected resources:
# - device:/dev/kvm
# - path:/srv/lab/boot/initrd=b.img
# - path:/srv/lab/boot/vmlinuz,,6.1=a

set -euo pipefail

# Step 1 of 2, check-kvm-access: Check that this user may write to /dev/kvm
# Expected exit code: 0; at most 5 seconds.
cd -- /srv/lab
timeout 5 test -w /dev/kvm

# Step 2 of 2, start-qemu: Start QEMU for kernel-text
# Expected exit code: 0; no time limit.
qemu-system-x86_64 \
  -machine q35 \
  -nodefaults \
  -no-user-config \
  -display none \
  -enable-kvm \
  -cpu host \
  -smp 1 \
  -m 1024M \
  -serial pty \
  -kernel /srv/lab/boot/vmlinuz,,6.1=a \
  -initrd /srv/lab/boot/initrd=b.img \
  -append 'console=ttyS0,115200n8 dyndbg="file a.c +p, module \"b\" +p" root=UUID=1-2 $x `y` ~ \\' \
  -name kernel-text
