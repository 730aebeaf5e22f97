/** Which word is meant by one that is not known. */
import leven from 'leven';

const LONGEST_TYPO = 32;

/** The candidate that `word` is most likely a misspelling of, or `null`. */
export function nearestWord(word: string, candidates: readonly string[]): string | null {
  if (word.length > LONGEST_TYPO) return null;
  const lower = word.toLowerCase();
  let nearest: string | null = null;
  let least = Math.floor(word.length / 3) + 1;
  for (const candidate of candidates) {
    const distance = leven(lower, candidate.toLowerCase());
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
}

/** What others call what is called otherwise here; of several meanings the first that fits. */
const OTHER_WORDS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    // Architectures and systems.
    amd64: ['x86_64'],
    'x86-64': ['x86_64'],
    x64: ['x86_64'],
    x86: ['x86_64'],
    i386: ['x86_64'],
    i686: ['x86_64'],
    arm64: ['aarch64'],
    armv8: ['aarch64'],
    riscv: ['riscv64'],
    ppc64el: ['ppc64le'],
    ppc64: ['ppc64le'],
    powerpc64le: ['ppc64le'],
    macos: ['darwin'],
    osx: ['darwin'],
    win32: ['windows'],
    ubuntu: ['linux'],
    debian: ['linux'],
    fedora: ['linux'],
    // Networks and their cards.
    nat: ['user'],
    slirp: ['user'],
    default: ['user'],
    emulated: ['user'],
    shared: ['vmnet-shared'],
    macvtap: ['tap'],
    ethernet: ['tap'],
    bridged: ['bridge'],
    internal: ['isolated'],
    vmnet: ['vmnet-shared'],
    virtio: ['virtio-net-pci', 'virtio-vga'],
    'virtio-net': ['virtio-net-pci'],
    'e1000-82545em': ['e1000'],
    // Disks.
    ahci: ['sata'],
    'virtio-blk': ['virtio'],
    'virtio-blk-pci': ['virtio'],
    'virtio-scsi': ['scsi'],
    'virtio-scsi-pci': ['scsi'],
    'virtio-scsi-single': ['scsi'],
    'usb-storage': ['usb'],
    img: ['raw'],
    iso: ['raw'],
    on: ['unmap', 'slew'],
    off: ['ignore'],
    mapped: ['mapped-xattr'],
    'virtio-9p': ['9p'],
    'virtio-fs': ['virtiofs'],
    none: ['never'],
    // Firmware.
    efi: ['uefi'],
    ovmf: ['uefi'],
    bios: ['default'],
    seabios: ['default'],
    legacy: ['default'],
    // Screen and sound.
    headless: ['none'],
    'spice-app': ['spice'],
    'remote-viewer': ['spice'],
    'virt-viewer': ['spice'],
    'virtio-gpu': ['virtio-gpu-pci'],
    bochs: ['bochs-display'],
    vmware: ['VGA'],
    vmvga: ['VGA'],
    std: ['VGA'],
    qxl: ['qxl-vga'],
    cirrus: ['cirrus-vga'],
    pulse: ['pa'],
    pulseaudio: ['pa'],
    hda: ['intel-hda'],
    ich6: ['intel-hda'],
    ich9: ['intel-hda'],
    'ich9-intel-hda': ['intel-hda'],
    ps2: ['none'],
    tablet: ['usb'],
    'usb-tablet': ['usb'],
    // Ports.
    telnet: ['tcp'],
    unix: ['socket'],
    'mon:stdio': ['stdio'],
    vc: ['pty'],
    // A watchdog is called by what it does.
    i6300esb: ['reset'],
    ib700: ['reset'],
    itco: ['reset'],
  }),
);

/** The same, where a word is also known by what others call it. */
export function meantWord(word: string, candidates: readonly string[]): string | null {
  if (candidates.includes(word)) return word;
  const others = OTHER_WORDS.get(word.toLowerCase()) ?? [];
  return others.find((other) => candidates.includes(other)) ?? nearestWord(word, candidates);
}
