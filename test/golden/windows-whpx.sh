#!/usr/bin/env bash
# Start VM win-dev (whpx, 4096 MB, 4 cores)
# Written by vmlab-planner for review: read it before you run it.
#
# While win-dev runs, QEMU uses up to 4 cores and 4096 MB of memory under whpx, writes to 2 disks and listens on 1 forwarded port.
# The profile win-dev is valid; its acceleration is resolved from auto to whpx, with 4 cores and 4096 MB. The risk is medium. Nothing has been run.
#
# VM:           win-dev
# Risk:         medium
# Status:       draft
# Confirmation: required
# Privilege:    not required
# Host:         windows x86_64
# Accelerators: whpx
# Host facts:   given with the request
# Project root: C:\lab
# plan_id:      plan-384412c2e9d87e38
# plan_hash:    sha256:384412c2e9d87e38eb8e04ed648d38f64bb6f1a84ea567973abebc9c40373817
# profile_hash: sha256:f8fc7173cdd6ce88c69b9edab392852147efe5666af4489357ecb44855c6c42a
# argv_hash:    sha256:6ac8cc467ecbcda31553d37a02c8fbf7b654c9b4fa36b178bb754e5e0a0ae2b2
#
# Warnings:
# - warning outside-project-root: storage.disks[1].path is "D:\data\big disk,1.vmdk", which leads to "D:\data\big disk,1.vmdk", outside the project root "C:\lab".
#   Use a path in the project root unless that is meant.
#
# Open questions:
# - binary:qemu-system-x86_64.exe: Is this QEMU 7.2 or later, with everything built in that the plan uses?
# - binary:qemu-system-x86_64.exe: Is this QEMU installed on the host?
# - memory:4096M: Has the host so much memory?
# - path:C:\lab\images\root.vdi: Is there an image of the format vdi?
# - path:C:\lab\logs\win.log: Is its directory there, and may QEMU write to it?
# - path:C:\lab\run\win-dev.qmp.sock: Is its directory there, and may QEMU write to it?
# - path:D:\data\big disk,1.vmdk: Does its header name other files, and may QEMU open them?
# - path:D:\data\big disk,1.vmdk: Is there an image of the format vmdk?
# - port:tcp:127.0.0.1:3390: Is the port free on the host?
#
# Affected resources:
# - path:C:\lab\images\root.vdi
# - path:C:\lab\logs\win.log
# - path:D:\data\big disk,1.vmdk
# - port:tcp:127.0.0.1:3390
# - socket:unix:C:\lab\run\win-dev.qmp.sock

set -euo pipefail

# Step 1 of 1, start-qemu: Start QEMU for win-dev
# Expected exit code: 0; no time limit.
# WARNING: This step overwrites or removes something that may exist; see the affected resources.
cd -- 'C:\lab'
qemu-system-x86_64.exe \
  -machine q35 \
  -nodefaults \
  -no-user-config \
  -display none \
  -accel whpx \
  -cpu max \
  -smp 4 \
  -m 4096M \
  -drive 'file=C:\lab\images\root.vdi,format=vdi,if=virtio' \
  -drive 'file=D:\data\big disk,,1.vmdk,format=vmdk,if=virtio' \
  -netdev user,id=net0,hostfwd=tcp:127.0.0.1:3390-:3389 \
  -device virtio-net-pci,netdev=net0 \
  -qmp 'unix:C:\lab\run\win-dev.qmp.sock,server=on,wait=off' \
  -serial 'file:C:\lab\logs\win.log' \
  -name win-dev
