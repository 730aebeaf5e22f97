/** A small Linux that says on its serial port what it calls its cards and disks: Debian's kernel, and an initrd made by hand. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { LOGS } from '../settings.ts';

const ROOT = join(LOGS, 'linux/root');

/** What a guest needs for its disks and cards, and for devices that should change nothing. */
const DRIVERS = [
  'virtio_pci',
  'virtio_blk',
  'virtio_net',
  'virtio_console',
  'virtio-rng',
  'virtio_balloon',
  'virtio_scsi',
  'pvpanic-pci',
  'virtiofs',
];

/** What a share shows, and what the guest writes into it. */
export const SHARED_FILE = 'of-the-host';
export const WRITTEN_FILE = 'of-the-guest';

export const DONE = 'the guest has said all';

export const REACHED = 'the guest has reached the other one';

/** Waits until what is there does not change any more, since drivers find their devices one after the other. */
const INIT = `#!/bin/sh
/bin/busybox mkdir -p /proc /sys /dev
/bin/busybox mount -t proc none /proc
/bin/busybox mount -t sysfs none /sys
/bin/busybox mount -t devtmpfs none /dev
for module in $(/bin/busybox cat /modules/order); do /bin/busybox insmod /modules/$module; done
count() { /bin/busybox ls /sys/class/net /sys/block | /bin/busybox wc -l; }
before=0
while [ "$before" != "$(count)" ]; do before=$(count); /bin/busybox sleep 1; done
echo
for card in /sys/class/net/e*; do
  echo "card \${card##*/} $(/bin/busybox cat $card/address) $(/bin/busybox readlink -f $card/device)"
done
for disk in /sys/block/[vsn]*; do echo "disk \${disk##*/} $(/bin/busybox readlink -f $disk)"; done
for port in /sys/class/virtio-ports/*; do echo "port \${port##*/} $(/bin/busybox cat $port/name)"; done
word() { /bin/busybox sed -n "s/.* $1=\\([^ ]*\\).*/\\1/p" /proc/cmdline; }
if [ -n "$(word address)" ]; then
  /bin/busybox ip link set eth0 up
  /bin/busybox ip address add "$(word address)/24" dev eth0
  until /bin/busybox ping -c 1 -W 1 "$(word other)" > /dev/null; do /bin/busybox sleep 1; done
  echo "${REACHED}"
  # The other one may have it still before itself.
  /bin/busybox sleep 300
fi
for share in $(word shares | /bin/busybox tr , ' '); do
  /bin/busybox mkdir -p /shares/$share
  /bin/busybox mount -t virtiofs $share /shares/$share
  echo "share $share shows $(/bin/busybox cat /shares/$share/${SHARED_FILE})"
  echo "by the guest" > /shares/$share/${WRITTEN_FILE} && echo "share $share takes what is written"
done
for chip in /sys/class/tpm/tpm*; do echo "TPM \${chip##*/} $(/bin/busybox cat $chip/tpm_version_major)"; done
echo "random $(/bin/busybox cat /sys/class/misc/hw_random/rng_current)"
echo "${DONE}"
/bin/busybox poweroff -f
`;

export interface LinuxGuest {
  readonly kernel: Buffer;
  readonly initrd: Buffer;
}

export function linuxGuest(): LinuxGuest {
  if (!existsSync(ROOT))
    throw new Error('there is no guest to boot: run sh test/conformance/boot/get_linux.sh');
  const boot = join(ROOT, 'boot');
  const kernel = readdirSync(boot).find((name) => name.startsWith('vmlinuz')) as string;
  return { kernel: readFileSync(join(boot, kernel)), initrd: gzipSync(archive()) };
}

function archive(): Buffer {
  const modules = inOrder();
  const order = modules.map((file) => basename(file)).join('\n');
  return Buffer.concat([
    ...['bin', 'modules'].map((name) => entry(name, Buffer.alloc(0), 0o40755)),
    entry('bin/busybox', readFileSync(join(ROOT, 'bin/busybox')), 0o100755),
    entry('bin/sh', readFileSync(join(ROOT, 'bin/busybox')), 0o100755),
    entry('init', Buffer.from(INIT), 0o100755),
    entry('modules/order', Buffer.from(order), 0o100644),
    ...modules.map((file) => entry(`modules/${basename(file)}`, readFileSync(file), 0o100644)),
    entry('TRAILER!!!', Buffer.alloc(0), 0),
  ]);
}

/** The files of the drivers, each after those that it needs, which it names itself. */
function inOrder(): string[] {
  const modules = readdirSync(join(ROOT, 'lib/modules'), { recursive: true, encoding: 'utf8' });
  const files = new Map(
    modules
      .filter((name) => name.endsWith('.ko'))
      .map((name) => [plain(basename(name, '.ko')), join(ROOT, 'lib/modules', name)]),
  );
  const ordered = new Set<string>();
  const add = (name: string): void => {
    const file = files.get(plain(name));
    if (file === undefined) throw new Error(`the kernel has no module ${name}`);
    const [, needed = ''] = /\0depends=([^\0]*)\0/.exec(readFileSync(file, 'latin1')) ?? [];
    for (const other of needed.split(',')) if (other !== '') add(other);
    ordered.add(file);
  };
  for (const driver of DRIVERS) add(driver);
  return [...ordered];
}

function plain(name: string): string {
  return name.replaceAll('-', '_');
}

/** A file as cpio(5) has it in its newc format: a head of hexadecimal numbers, the name, the content, each padded to four bytes. */
function entry(name: string, content: Buffer, mode: number): Buffer {
  const numbers = [0, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length + 1, 0];
  const head = `070701${numbers.map((number) => number.toString(16).padStart(8, '0')).join('')}${name}\0`;
  return Buffer.concat([padded(Buffer.from(head)), padded(content)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
