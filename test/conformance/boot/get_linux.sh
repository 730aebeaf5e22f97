#!/bin/sh
# Unpacks Debian's kernel for clouds and a busybox into logs/conformance/linux, and installs neither: what a guest is booted from.
set -e
folder=logs/conformance/linux
[ ! -d "$folder/root" ] || exit 0
mkdir -p "$folder/unpacked"
cd "$folder"
apt-get update
kernel=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: \(linux-image-.*\)$/\1/p')
apt-get download "$kernel" busybox-static
for package in *.deb; do dpkg-deb -x "$package" unpacked; done
rm -- *.deb
mv unpacked root
