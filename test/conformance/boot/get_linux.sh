#!/bin/sh
# Unpacks Debian's kernel for clouds and a busybox into logs/conformance/linux, and installs neither: what a guest is booted from.
set -e
folder=logs/conformance/linux
mkdir -p "$folder/root"
cd "$folder"
kernel=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: \(linux-image-.*\)$/\1/p')
apt-get download "$kernel" busybox-static
for package in *.deb; do dpkg-deb -x "$package" root; done
rm -- *.deb
