#!/usr/bin/env bash
# Start VM serial-log (tcg, 256 MB, 1 core)
# Written by vmlab-planner for review: read it before you run it.
#
# While serial-log runs, QEMU uses up to 1 core and 256 MB of memory under tcg, writes to 1 disk and listens on 0 forwarded ports.
# The profile serial-log is valid; its acceleration is asked for as tcg, with 1 core and 256 MB. The risk is low. Nothing has been run. QEMU makes no promise of isolation under tcg.
#
# VM:           serial-log
# Risk:         low
# Status:       validated
# Confirmation: not required
# Privilege:    not required
# Host:         linux x86_64
# Accelerators: none
# Host facts:   given with the request
# Project root: /srv/lab
# plan_id:      plan-e65b1824ab7419f0
# plan_hash:    sha256:e65b1824ab7419f03c3a4406387e724330737de8646ef694aff4686da3e8635b
# profile_hash: sha256:57f351d6c0b5d1c750877257b46a9328a9e48a791da6260f2afb65042f2128a8
# argv_hash:    sha256:b9a89b4222607350c6be83f4cdcd1d7b1d4559176dce84622357dd652af62d7e
#
# Warnings: none
#
# Open questions:
# - binary:qemu-system-x86_64: Is this QEMU 7.2 or later, with everything built in that the plan uses?
# - binary:qemu-system-x86_64: Is this QEMU installed on the host?
# - memory:256M: Has the host so much memory?
# - path:/srv/lab/images/a;b 'c' 100%#.img: Is there an image of the format raw?
# - path:/srv/lab/logs/a,b=c d%.log: Is its directory there, and may QEMU write to it?
#
# Affected resources:
# - path:/srv/lab/images/a;b 'c' 100%#.img
# - path:/srv/lab/logs/a,b=c d%.log

set -euo pipefail

# Step 1 of 1, start-qemu: Start QEMU for serial-log
# Expected exit code: 0; no time limit.
# WARNING: This step overwrites or removes something that may exist; see the affected resources.
cd -- /srv/lab
qemu-system-x86_64 \
  -machine q35 \
  -nodefaults \
  -no-user-config \
  -display none \
  -accel tcg \
  -cpu max \
  -smp 1 \
  -m 256M \
  -drive 'file=/srv/lab/images/a;b '\''c'\'' 100%#.img,format=raw,if=virtio' \
  -serial 'file:/srv/lab/logs/a,b=c d%.log' \
  -name serial-log
