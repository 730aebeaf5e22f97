#!/bin/sh
# Unpacks the virtiofsd of Debian 13, the first release with the one written in Rust, into logs/conformance/virtiofsd. Nothing is
# installed: it runs with its own C library. Where a host has it installed, that is the one that is tried.
set -e
[ ! -x /usr/libexec/virtiofsd ] || exit 0
folder=logs/conformance/virtiofsd
[ ! -x "$folder/virtiofsd" ] || exit 0
rm -rf "$folder"
mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial" "$folder/root"
cd "$folder"
echo 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main' >apt/sources.list
trixie() {
  apt-get -o Dir::Etc::sourcelist="$PWD/apt/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$PWD/apt/lists" \
    -o Dir::Cache="$PWD/apt/cache" -o APT::Sandbox::User=root "$@"
}
trixie update
trixie download virtiofsd libc6 libgcc-s1 libcap-ng0 libseccomp2
for package in *.deb; do dpkg-deb -x "$package" root; done
rm -r apt -- *.deb
loader=$(echo "$PWD"/root/usr/lib/*/ld-linux-*.so.*)
cat >program <<END
#!/bin/sh
exec "$loader" --library-path "${loader%/*}" "$PWD/root/usr/libexec/virtiofsd" "\$@"
END
chmod +x program
mv program virtiofsd
