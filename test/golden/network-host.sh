#!/usr/bin/env bash
# Start VM router (kvm, 1024 MB, 4 cores)
# Written by vmlab-planner for review: read it before you run it.
#
# While router runs, QEMU uses up to 4 cores and 1024 MB of memory under kvm, writes to 1 disk and listens on 3 forwarded ports.
# The profile router is valid; its acceleration is resolved from auto to kvm, with 4 cores and 1024 MB. The risk is high. Nothing has been run.
#
# VM:           router
# Risk:         high
# Status:       draft
# Confirmation: required
# Privilege:    not required
# Host:         linux x86_64
# Accelerators: kvm
# Host facts:   given with the request
# Project root: /srv/lab
# plan_id:      plan-99330096990b163c
# plan_hash:    sha256:99330096990b163c80dd8cb2d718e7ef02e1acc6dbcad22ed203f84f66b82e4a
# profile_hash: sha256:9cfe2e205b6122b8c5671665a70367449e25dc7a2a8460e8c86e2ad007e2eaf7
# argv_hash:    sha256:fced7410eca98a2a26c694552bed90169d746005fb07872d7c370c642a0f739a
#
# Warnings:
# - warning host-network-setup: network.interfaces[0].type is "tap"; it needs a tap device on the host.
#   Let an administrator set it up, or use type = "user".
# - warning mtu-host-side-not-set: network.interfaces[0].mtu is 9000, which only the guest is told of; the device of the host keeps its own.
#   Set the MTU of the device and its network on the host too.
# - warning host-network-setup: network.interfaces[1].type is "tap"; it needs a tap device on the host.
#   Let an administrator set it up, or use type = "user".
# - warning host-network-setup: network.interfaces[2].type is "bridge"; it needs the bridge lan-br and its helper on the host.
#   Let an administrator set it up, or use type = "user".
# - warning host-network-setup: network.interfaces[3].type is "bridge"; it needs the bridge br0 and its helper on the host.
#   Let an administrator set it up, or use type = "user".
# - warning hostfwd-not-loopback: network.interfaces[4].hostfwd[2] listens on 0.0.0.0; other machines can reach the guest's port 80.
#   Write 127.0.0.1 as the host address unless that is meant.
# - warning mtu-under-ipv6: network.interfaces[10].mtu is 1000; the guest can have no IPv6 on a network of less than 1280 bytes.
#   Write at least 1280 unless the guest needs no IPv6.
#
# Open questions:
# - binary:qemu-system-x86_64: Is this QEMU 7.2 or later, with everything built in that the plan uses?
# - binary:qemu-system-x86_64: Is this QEMU installed on the host?
# - bridge:br0: Is there such a bridge, and does the bridge helper allow QEMU to use it?
# - bridge:lan-br: Is there such a bridge, and does the bridge helper allow QEMU to use it?
# - device:/dev/kvm: Does kvm run this CPU model here?
# - device:/dev/kvm: May the user that runs QEMU open it?
# - device:/dev/vhost-net: Is it there, and may QEMU use it?
# - memory:1024M: Has the host so much memory?
# - netdev:tap-wan.0: Is there a tap device of this name, made for many queues, and may QEMU use it?
# - netdev:tap1: Is there a tap device of this name, and may QEMU use it?
# - path:write:/srv/lab/images/router.qcow2: Does its header name other files, and may QEMU open them?
# - path:write:/srv/lab/images/router.qcow2: Is there an image of the format qcow2?
# - port:tcp:0.0.0.0:8080: Is the port free on the host?
# - port:tcp:127.0.0.1:2222: Is the port free on the host?
# - port:udp:127.0.0.1:5353: Is the port free on the host?
# - process:passt: Is "passt" installed on the host?
# - process:qemu-bridge-helper: May the helper act as root?
# - socket:unix:/srv/lab/run/a.sock: Is its directory there, and may QEMU write to it?
# - socket:unix:/srv/lab/run/b=1.sock: Does the VM that listens there run before this one starts? QEMU does not try again.
# - socket:unix:/srv/lab/run/router.up.passt.sock: Is its directory there, and may passt write to it?
# - socket:unix:/srv/lab/run/side,1.sock: Is its directory there, and may passt write to it?
#
# Affected resources:
# - bridge:br0
# - bridge:lan-br
# - device:/dev/kvm
# - device:/dev/net/tun
# - device:/dev/vhost-net
# - mac:52:54:00:1b:3e:73
# - mac:52:54:00:3e:b4:c0
# - mac:52:54:00:62:59:a9
# - mac:52:54:00:7b:c2:76
# - mac:52:54:00:97:61:c6
# - mac:52:54:00:f8:97:4f
# - netdev:tap-wan.0
# - netdev:tap1
# - path:write:/srv/lab/images/router.qcow2
# - port:tcp:0.0.0.0:8080
# - port:tcp:127.0.0.1:2222
# - port:udp:127.0.0.1:5353
# - process:passt
# - process:qemu-bridge-helper
# - socket:unix:/srv/lab/run/a.sock
# - socket:unix:/srv/lab/run/b=1.sock
# - socket:unix:/srv/lab/run/router.up.passt.sock
# - socket:unix:/srv/lab/run/side,1.sock

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

# Step 1 of 4, check-kvm-access: Check that this user may write to /dev/kvm
# Expected exit code: 0; at most 5 seconds.
cd -- /srv/lab
timeout 5 test -w /dev/kvm

# Step 2 of 4, start-passt-up: Start passt, the network of up
# Expected exit code: 0; no time limit. It goes on in the background; the next step waits for its socket "/srv/lab/run/router.up.passt.sock".
clear_socket /srv/lab/run/router.up.passt.sock
passt \
  --foreground \
  --one-off \
  --socket /srv/lab/run/router.up.passt.sock \
  -t 127.0.0.1/2222:22 \
  -t 0.0.0.0/8080:80 \
  -u 127.0.0.1/5353:53 &
await_socket /srv/lab/run/router.up.passt.sock

# Step 3 of 4, start-passt-side: Start passt, the network of side
# Expected exit code: 0; no time limit. It goes on in the background; the next step waits for its socket "/srv/lab/run/side,1.sock".
clear_socket /srv/lab/run/side,1.sock
passt --foreground --one-off --socket /srv/lab/run/side,1.sock &
await_socket /srv/lab/run/side,1.sock

# Step 4 of 4, start-qemu: Start QEMU for router
# Expected exit code: 0; no time limit.
qemu-system-x86_64 \
  -machine q35 \
  -nodefaults \
  -no-user-config \
  -display none \
  -enable-kvm \
  -cpu host \
  -smp 4 \
  -m 1024M \
  -blockdev '{"backing":null,"driver":"qcow2","file":{"driver":"file","filename":"/srv/lab/images/router.qcow2"},"node-name":"root"}' \
  -device '{"bootindex":1,"drive":"root","driver":"virtio-blk-pci","id":"disk-root","serial":"root"}' \
  -netdev tap,id=wan,ifname=tap-wan.0,script=no,downscript=no,queues=4,vhost=on \
  -device virtio-net-pci,netdev=wan,mac=52:54:00:f8:97:4f,host_mtu=9000,mq=on,vectors=10 \
  -netdev tap,id=tap1,ifname=tap1,script=no,downscript=no \
  -device virtio-net-pci,netdev=tap1,mac=52:54:00:3e:b4:c0 \
  -netdev bridge,id=lan,br=lan-br \
  -device virtio-net-pci,netdev=lan,mac=52:54:00:1b:3e:73 \
  -netdev bridge,id=office,br=br0 \
  -device virtio-net-pci,netdev=office,mac=52:54:00:7b:c2:76 \
  -netdev stream,id=up,server=off,addr.type=unix,addr.path=/srv/lab/run/router.up.passt.sock \
  -device virtio-net-pci,netdev=up,mac=52:54:00:f8:d7:bc \
  -netdev stream,id=side,server=off,addr.type=unix,addr.path=/srv/lab/run/side,,1.sock \
  -device virtio-net-pci,netdev=side,mac=52:54:00:00:00:01,romfile= \
  -netdev hubport,id=first,hubid=1 \
  -device virtio-net-pci,netdev=first,mac=52:54:00:72:e8:3d \
  -netdev stream,id=a,server=on,addr.type=unix,addr.path=/srv/lab/run/a.sock \
  -device virtio-net-pci,netdev=a,mac=52:54:00:62:59:a9 \
  -netdev stream,id=b,server=off,addr.type=unix,addr.path=/srv/lab/run/b=1.sock \
  -device vmxnet3,netdev=b,mac=52:54:00:97:61:c6 \
  -netdev hubport,id=second,hubid=2 \
  -device virtio-net-pci,netdev=second,mac=52:54:00:73:03:68,host_mtu=1000 \
  -name router

# From here on each program in the background ends when QEMU does.
trap - EXIT
