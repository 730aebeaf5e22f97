#!/usr/bin/env bash
# Start VM kernel-dev (kvm, 8192 MB, 4 cores)
# Written by vmlab-planner for review: read it before you run it.
#
# While kernel-dev runs, QEMU uses up to 4 cores and 8192 MB of memory under kvm, writes to 1 disk and listens on 2 forwarded ports.
# The profile kernel-dev is valid; its acceleration is resolved from auto to kvm, with 4 cores and 8192 MB. The risk is medium. Nothing has been run.
#
# VM:           kernel-dev
# Risk:         medium
# Status:       draft
# Confirmation: required
# Privilege:    not required
# Host:         linux x86_64
# Accelerators: kvm
# Host facts:   given with the request
# Project root: /srv/lab
# plan_id:      plan-84e1b9264fd6dcfc
# plan_hash:    sha256:84e1b9264fd6dcfcad9063ab9cde75dc7a023ae49316c4a502c61680685860a8
# profile_hash: sha256:ea6265cdd21f257c2154d1226e89e71eb7ed146f53850e2a425217e80a0cc6ec
# argv_hash:    sha256:d54d98df8c6f8e753222f7f54ca8b75a793e85f81b9e9579a1d4be2791d39c7f
#
# Warnings:
# - warning outside-project-root: storage.disks[1].path is "../linux-source", which leads to "/srv/linux-source", outside the project root "/srv/lab".
#   Use a path in the project root unless that is meant.
#
# Open questions:
# - device:/dev/kvm: Does kvm run this CPU model here?
# - device:/dev/kvm: May the user that runs QEMU open it?
# - memory:8192M: Has the host so much memory?
# - path:/srv/lab/images/kernel-root.qcow2: Does its header name other files, and may QEMU open them?
# - path:/srv/lab/images/kernel-root.qcow2: Is there an image of the format qcow2?
# - path:/srv/lab/run/kernel-dev.qmp.sock: Is its directory there, and may QEMU write to it?
# - path:/srv/linux-source: Is there a directory that QEMU may read?
# - path:/usr/bin/qemu-system-x86_64: Is this QEMU 7.2 or later, with everything built in that the plan uses?
# - path:/usr/bin/qemu-system-x86_64: Is this QEMU installed on the host?
# - port:tcp:127.0.0.1:2222: Is the port free on the host?
# - port:tcp:127.0.0.1:8080: Is the port free on the host?
#
# Affected resources:
# - device:/dev/kvm
# - path:/srv/lab/images/kernel-root.qcow2
# - path:/srv/linux-source
# - port:tcp:127.0.0.1:2222
# - port:tcp:127.0.0.1:8080
# - socket:unix:/srv/lab/run/kernel-dev.qmp.sock

set -euo pipefail

# Step 1 of 2, check-kvm-access: Check that this user may write to /dev/kvm
# Expected exit code: 0; at most 5 seconds.
cd -- /srv/lab
timeout 5 test -w /dev/kvm

# Step 2 of 2, start-qemu: Start QEMU for kernel-dev
# Expected exit code: 0; no time limit.
/usr/bin/qemu-system-x86_64 \
  -machine q35 \
  -nodefaults \
  -no-user-config \
  -display none \
  -enable-kvm \
  -cpu host \
  -smp 4 \
  -m 8192M \
  -drive file=/srv/lab/images/kernel-root.qcow2,format=qcow2,if=virtio \
  -fsdev local,path=/srv/linux-source,security_model=none,id=source,readonly=on \
  -device virtio-9p-pci,fsdev=source,mount_tag=source \
  -netdev user,id=net0,hostfwd=tcp:127.0.0.1:2222-:22,hostfwd=tcp:127.0.0.1:8080-:80 \
  -device virtio-net-pci,netdev=net0 \
  -qmp unix:/srv/lab/run/kernel-dev.qmp.sock,server=on,wait=off \
  -serial pty \
  -name kernel-dev
