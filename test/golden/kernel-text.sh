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
# plan_id:      plan-d1b8b222f71b6994
# plan_hash:    sha256:d1b8b222f71b6994b6ccdc4f2d4d0c27c43d084a1e843dfa0a72963cc501a299
# profile_hash: sha256:cc6557cfd22d6b0109faa82eb6ad247a52594ff9b7a46171f8b8d8974c2a0f6c
# argv_hash:    sha256:b70c480b5d28bdf6a9a0603f9a8918b1f216ff7c6a458fdfd81aa970b410d5fb
#
# Warnings: none
#
# Open questions:
# - binary:qemu-system-x86_64: Is this QEMU 7.2 or later, with everything built in that the plan uses?
# - binary:qemu-system-x86_64: Is this QEMU installed on the host?
# - device:/dev/kvm: May the user that runs QEMU open it?
# - path:/srv/lab/boot/initrd=b.img: Is there such a file?
# - path:/srv/lab/boot/vmlinuz,,6.1=a: Is there such a file?
#
# Affected resources:
# - device:/dev/kvm
# - path:/srv/lab/boot/initrd=b.img
# - path:/srv/lab/boot/vmlinuz,,6.1=a

set -euo pipefail

# Step 1 of 2, check-kvm-access: Check that this user may use kvm
# Expected exit code: 0; at most 5 seconds.
cd -- /srv/lab
timeout 5 test -w /dev/kvm

# Step 2 of 2, start-qemu: Start QEMU for kernel-text
# Expected exit code: 0; no time limit.
qemu-system-x86_64 \
  -machine q35 \
  -nodefaults \
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
