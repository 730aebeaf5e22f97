/** Every code that an issue can have, what it means, and how to mend it where the case at hand needs no words of its own. */

interface CodeKind {
  readonly means: string;
  readonly mend: string;
  /** Whether only a look at the host's files can find it. The doctor says it as a finding of its own. */
  readonly isSeen?: true;
  /** Whether it is about a key and not about its value. */
  readonly isAboutKey?: true;
}

export const ISSUE_CODES = {
  // Reading a profile.
  'control-character': {
    means: 'A text holds a control character, or one that is not visible.',
    mend: 'Remove the character.',
  },
  'empty-value': { means: 'A text is empty or blank.', mend: 'Write a value, or remove the key.' },
  'empty-profile': {
    means: 'The profile has no keys.',
    mend: 'Send the profile itself. "curl -d" takes the line breaks out of a file, so that a comment at its start becomes all of it; "--data-binary" keeps them.',
  },
  'malformed-toml': { means: 'The file of the profile is not TOML.', mend: 'Mend the file.' },
  'missing-field': { means: 'A key that is required is not there.', mend: 'Add the key.' },
  'section-off': {
    means: 'A section has keys, and the key without which none of them has an effect is not there.',
    mend: 'Add the key, also where it is to switch the section off.',
  },
  'more-issues': {
    means: 'There are more issues than are listed.',
    mend: 'Mend those that are listed and ask again.',
  },
  'not-allowed': {
    means: 'A value is none of the words that the key takes.',
    mend: 'Write one of the words.',
  },
  'not-toml-1-0': {
    means: 'The text is TOML 1.1, and tools of TOML 1.0 do not read it.',
    mend: 'Write inline tables in one line without a last comma, and neither "\\e" nor "\\x", unless all of your tools read TOML 1.1.',
  },
  'out-of-range': { means: 'A number is too small or too large.', mend: 'Write a number within the bounds.' },
  'profile-unreadable': { means: 'The file of the profile cannot be read.', mend: 'Mend the file.' },
  'secret-in-argv': {
    means: 'What looks like a secret would be among the arguments of a process.',
    mend: 'Remove it and pass the secret to the guest by other means.',
  },
  'secret-like-field': {
    means: 'A key that the schema does not have is named like a secret.',
    mend: 'Remove it and keep the secret elsewhere.',
    isAboutKey: true,
  },
  'secret-like-value': { means: 'A value looks like a secret.', mend: 'Remove it.' },
  'too-many-elements': { means: 'A list is longer than any plan can be.', mend: 'Remove some of them.' },
  'too-many-unknown-fields': {
    means: 'There are more keys than are dropped with a warning.',
    mend: 'Remove the keys that are not in the profile schema.',
  },
  'unknown-field': {
    means: 'The schema has no such key.',
    mend: 'Look in the schema for the key that is meant, or remove it.',
    isAboutKey: true,
  },
  'wrong-type': { means: 'A value is of another type.', mend: 'Write a value of the right type.' },

  // Names and texts of QEMU.
  'argument-too-long': { means: 'An argument would be longer than the system takes.', mend: 'Shorten it.' },
  'duplicate-name': { means: 'Two elements of a list have one name.', mend: 'Give it another name.' },
  'invalid-name': { means: 'A name holds what QEMU or the host cannot take.', mend: 'Write another name.' },

  // vm
  'dependency-on-itself': {
    means: 'A VM is to be started after itself.',
    mend: 'Remove the name.',
  },
  'description-long': { means: 'A description is too long for a list.', mend: 'Shorten it.' },
  'invalid-qemu-binary': {
    means: 'The binary is not named like a QEMU system emulator.',
    mend: 'Write a name such as "qemu-system-x86_64", or remove the key to get the default.',
  },
  'invalid-uuid': {
    means: 'A UUID is not written as QEMU takes it.',
    mend: 'Write 8-4-4-4-12 hexadecimal digits.',
  },
  'qemu-binary-arch-mismatch': {
    means: 'The binary emulates another architecture.',
    mend: 'Write the binary of hardware.arch, or change hardware.arch.',
  },
  'qemu-binary-not-executable': {
    means: 'This user may not run the QEMU binary.',
    mend: 'Change its permissions for the user that runs QEMU, or set vm.qemu_binary.',
    isSeen: true,
  },
  'qemu-binary-not-found': {
    means: 'The QEMU binary is not on this host.',
    mend: 'Install QEMU for this architecture, or set vm.qemu_binary.',
    isSeen: true,
  },

  // Programs that run beside QEMU.
  'qemu-module-missing': {
    means: 'A module of QEMU is not installed.',
    mend: 'Install the package that has it.',
    isSeen: true,
  },
  'helper-not-found': {
    means: 'A program that has to run beside QEMU is not on this host.',
    mend: 'Install it.',
    isSeen: true,
  },
  'swtpm-path-comma': {
    means: 'A path of the TPM holds a comma, at which swtpm splits its options.',
    mend: 'Use a path without a comma.',
  },
  'qemu-too-old': {
    means: 'The QEMU of the host is older than those that plans are made for.',
    mend: 'Use QEMU 7.2 or newer.',
  },

  // hardware
  'acceleration-fallback': {
    means: 'The VM will be emulated, which is slow.',
    mend: 'Run it on a host that can accelerate it, or set acceleration = "tcg" if emulation is meant.',
  },
  'acceleration-unavailable': {
    means: 'The host cannot give the accelerator that is asked for.',
    mend: 'Use "tcg", or "auto" to take what the host has.',
  },
  'cores-need-newer-qemu': {
    means: 'Under hvf the QEMU of the host has no interrupt controller for so many cores.',
    mend: 'Write fewer cores, or use QEMU 8.0 or newer.',
  },
  'cores-need-kvm': { means: 'So many cores are to be had with kvm only.', mend: 'Write fewer cores.' },
  'cores-over-host': {
    means: 'The VM has more cores than the host has processors.',
    mend: 'Write fewer cores.',
    isSeen: true,
  },
  'cpu-feature-repeated': {
    means: 'A CPU feature is set more than once, and QEMU does not go by order.',
    mend: 'Set each feature once.',
  },
  'cpu-host-needs-hardware-acceleration': {
    means: 'The CPU model "host" needs kvm or hvf.',
    mend: 'Write another model.',
  },
  'cpu-host-replaced': {
    means: 'The CPU model "host" became the default model, since there is no kvm or hvf.',
    mend: 'Remove hardware.cpu.',
  },
  'cpu-model-incomplete-on-tcg': {
    means: 'Under tcg the QEMU of the host cannot give the guest all features of the CPU model.',
    mend: 'Write "max", which has all that tcg can do, or switch the features off.',
  },
  'cpu-unknown-to-qemu': {
    means: 'The QEMU of the host has no such CPU model.',
    mend: 'Write a model that it has, such as "max".',
  },
  'host-node-missing': {
    means: 'The host has no NUMA node of the number that memory is taken from.',
    mend: 'Write the number of a node that it has, or remove it.',
    isSeen: true,
  },
  'host-node-small': {
    means: 'A NUMA node of the host has less memory than the VM takes there.',
    mend: 'Spread the memory over more nodes.',
    isSeen: true,
  },
  'huge-pages-missing': {
    means: 'The kernel of the host has no huge pages of the size.',
    mend: 'Write a size that it has, or remove it.',
    isSeen: true,
  },
  'huge-pages-short': {
    means: 'The host has fewer huge pages free than the VM takes.',
    mend: 'Reserve more, or remove hugepages_kb.',
    isSeen: true,
  },
  'hyperv-needs-kvm': {
    means: 'Hyper-V features do something under kvm only.',
    mend: 'Run it under kvm, or remove the features.',
  },
  'invalid-cpu': { means: 'The CPU is not written as QEMU reads it.', mend: 'Write a model such as "max".' },
  'memory-lock-limit': {
    means: 'The limit for locked memory is less than the memory of the VM.',
    mend: 'Raise RLIMIT_MEMLOCK where QEMU is started.',
    isSeen: true,
  },
  'memory-not-aligned': { means: 'The memory is no multiple of 256 MiB.', mend: 'Write a multiple of 256.' },
  'memory-over-host': {
    means: 'The VM has more memory than the host.',
    mend: 'Write less memory, or run the VM on a larger host.',
    isSeen: true,
  },
  'memory-over-address-space': {
    means: 'The CPU cannot address so much memory.',
    mend: 'Write less memory, or set phys-bits in hardware.cpu.',
  },

  'memory-small': {
    means: 'The memory is less than firmware and most systems need.',
    mend: 'Write at least 256 unless the guest is made for less.',
  },
  'threads-not-on-amd': {
    means: 'Under tcg QEMU has no threads for a CPU of AMD.',
    mend: 'Write cores in place of threads, or a CPU of another maker, such as "Westmere".',
  },
  'threads-need-power-of-two': {
    means: 'The threads of a core of a ppc64le machine are no power of two.',
    mend: 'Write 1, 2, 4 or 8.',
  },
  'topology-product': {
    means: 'The levels of the topology do not make as many virtual CPUs as there are.',
    mend: 'Write levels whose product is hardware.cores.',
  },

  'machine-not-for-arch': {
    means: 'The machine is none of the guest’s architecture.',
    mend: 'Write a machine of the architecture, or remove the key.',
  },

  'machine-version-deprecated': {
    means: 'A later QEMU will not have the machine.',
    mend: 'Write a newer machine for guests that can take other hardware.',
  },
  'machine-version-unknown': {
    means: 'The QEMU of the host has no such machine, or no QEMU is known to have it.',
    mend: 'Write a machine that it has, or leave the version out.',
  },
  'device-unknown-to-qemu': {
    means: 'The QEMU of the host does not have a device that the plan uses.',
    mend: 'Use another device, or another QEMU.',
  },

  // memory and numa
  'max-memory-too-small': {
    means: 'The memory that the VM can grow to is no more than it has.',
    mend: 'Write more than hardware.memory_mb.',
  },
  'memory-not-hugepage-multiple': {
    means: 'The memory cannot be made of huge pages without a rest.',
    mend: 'Write a multiple of the size of a page.',
  },
  'memory-slots-need-acpi': {
    means: 'Without ACPI no memory can be plugged in.',
    mend: 'Remove machine.acpi = false, or memory.slots and memory.max_mb.',
  },
  'memory-slots-need-uefi': {
    means: 'Without UEFI an aarch64 guest is not told of memory that is plugged in.',
    mend: 'Write firmware.type = "uefi".',
  },
  'memory-not-shared': {
    means: 'A share reaches the guest through shared memory, and the memory is not shared.',
    mend: 'Remove memory.shared, or share the directory over 9p.',
  },
  'numa-cpu-gap': {
    means: 'The processors of the nodes of a riscv64 machine are not numbered through.',
    mend: 'Give each node the next processors, without a gap.',
  },
  'numa-cpu-missing': {
    means: 'A virtual CPU is in no node.',
    mend: 'Write each virtual CPU into one node.',
  },
  'numa-cpu-range': {
    means: 'A node has a virtual CPU that the VM has not.',
    mend: 'Write numbers from 0 to one less than hardware.cores.',
  },
  'numa-cpu-twice': { means: 'A virtual CPU is in two nodes.', mend: 'Write it into one node.' },
  'numa-memory-sum': {
    means: 'The nodes together have more or less memory than the VM.',
    mend: 'Write sizes whose sum is hardware.memory_mb.',
  },
  'numa-node-without-memory': {
    means: 'A node that has no memory is to take it from a node of the host.',
    mend: 'Write memory_mb for the node, or remove host_node.',
  },
  'numa-splits-cluster': {
    means: 'Processors of one cluster are in different nodes.',
    mend: 'Write a socket for each node, such as hardware.topology.sockets = 2.',
  },

  // firmware
  'firmware-format-mismatch': {
    means: 'A flash image has another format than is planned with.',
    mend: 'Write the format that the file has.',
    isSeen: true,
  },
  'firmware-missing': {
    means: 'The firmware, or its variables, are not there.',
    mend: 'Use files that exist.',
    isSeen: true,
  },
  'firmware-needs-newer-qemu': {
    means: 'The QEMU of the host does not start this machine with UEFI.',
    mend: 'Use QEMU 8.1 or newer, or boot a kernel directly.',
  },
  'firmware-pair-mismatch': {
    means: 'The variables are not those of the firmware.',
    mend: 'Use a copy of the variables that come with the firmware.',
    isSeen: true,
  },
  'firmware-size': {
    means: 'Firmware, or its variables, have another size than the machine takes.',
    mend: 'Use the file that is made for this machine.',
    isSeen: true,
  },
  'firmware-unknown': {
    means: 'UEFI is asked for, and no firmware that fits is known.',
    mend: 'Write firmware.code and firmware.vars, or install UEFI firmware on the host.',
  },
  'firmware-unfit': {
    means: 'The UEFI firmware is not for this machine, or for what secure_boot says.',
    mend: 'Remove firmware.code to get what fits, or write firmware.secure_boot as it is.',
  },
  'firmware-vars-is-template': {
    means: 'The variables of the VM are the file that every VM gets a copy of.',
    mend: 'Copy the file, and write the path of the copy.',
  },
  'firmware-vars-readonly': {
    means: 'QEMU could not write to the variables of the firmware.',
    mend: 'Use a copy that can be written.',
    isSeen: true,
  },
  'secure-boot-unprotected': {
    means: 'On aarch64 a guest can change what Secure Boot relies on.',
    mend: 'Expect no more of it than that the firmware checks signatures.',
  },
  'vars-will-need-creation': {
    means: 'The variables of the firmware have to be copied before the start.',
    mend: 'Copy the variables that come with the firmware.',
    isSeen: true,
  },

  // Migration.
  'backing-file-not-followed': {
    means: 'An image may be an overlay, whose base only version 1 lets QEMU find by itself.',
    mend: 'Name its base with storage.disks.base if it has one.',
  },
  'key-takes-effect': {
    means: 'A key that an older version of the schema dropped has an effect in the new one.',
    mend: 'Remove it unless it is meant.',
    isAboutKey: true,
  },
  'pci-slots-move': {
    means: 'Disks and network cards have other PCI slots than in version 1.',
    mend: 'Put the boot disk first, or see to the names of network cards in the guest.',
  },

  // Keys that are not for everything.
  'not-for-accelerator': {
    means: 'A key means something under other accelerators only.',
    mend: 'Write another accelerator, or remove the key.',
  },
  'not-for-arch': {
    means: 'A key means something on other architectures only.',
    mend: 'Write what the architecture has, or remove the key.',
  },
  'not-for-bus': {
    means: 'A key means something on other buses only.',
    mend: 'Write another bus, or remove the key.',
  },
  'not-for-machine': {
    means: 'A key means something on other machines only.',
    mend: 'Write another machine, or remove the key.',
  },
  'not-for-os': {
    means: 'A key means something on other host systems only.',
    mend: 'Write what the host system has, or remove the key.',
  },
  'not-for-type': {
    means: 'A key means something for other types only.',
    mend: 'Write another type, or remove the key.',
  },

  // boot
  'boot-name-ambiguous': {
    means: 'The boot order names what two things are called.',
    mend: 'Give each its own name.',
  },
  'boot-name-unknown': {
    means: 'The boot order names what nothing is called that can boot.',
    mend: 'Write the name of a disk, a drive or an interface.',
  },
  'boot-needs-pxe': {
    means: 'The boot order names a card that has no ROM to boot with.',
    mend: 'Remove pxe = false.',
  },
  'boot-order-twice': {
    means: 'Both boot.order and a disk say what to boot from.',
    mend: 'Remove one of them.',
  },

  // storage
  'aio-native-needs-direct': {
    means: 'Native input and output goes past the cache of the host, and the disk has one.',
    mend: 'Write cache = "none", or aio = "threads".',
  },
  'block-device-in-use': {
    means: 'The host has mounted the block device, swaps to it, or has made another device of it.',
    mend: 'Unmount it first, or use another device.',
    isSeen: true,
  },
  'block-device-writable': {
    means: 'The guest may write to a block device of the host.',
    mend: 'Set readonly = true unless that is meant.',
  },
  'block-size-ignored-on-usb': {
    means: 'QEMU before 10.0 gives a USB disk sectors of 512 bytes, whatever it is told.',
    mend: 'Use another bus, or sectors of 512 bytes.',
  },
  'bus-full': { means: 'More is attached to a bus than it has places.', mend: 'Use another bus.' },
  'cache-ignored-on-usb': {
    means: 'QEMU before 10.0 does not tell the guest of the cache of a USB disk.',
    mend: 'Use another bus, or another cache.',
  },
  'cache-unsafe': {
    means: 'The cache keeps what is written until the host sees fit.',
    mend: 'Write another cache unless the data may be lost.',
  },
  'cdrom-not-iso': {
    means: 'The image of a CD-ROM drive has no file system of a CD or DVD.',
    mend: 'Use an ISO image.',
    isSeen: true,
  },
  'device-tree-invalid': {
    means: 'The file of kernel.dtb is no device tree, or has been cut off.',
    mend: 'Use a compiled device tree.',
    isSeen: true,
  },
  'detect-zeroes-needs-discard': {
    means: 'Zeroes can be freed only where freeing is passed on.',
    mend: 'Write discard = "unmap" too.',
  },
  'file-missing': {
    means: 'A file that QEMU reads is not there.',
    mend: 'Use a file that exists.',
    isSeen: true,
  },
  'firmware-cannot-boot-bus': {
    means: 'The firmware of this machine finds no disk on that bus.',
    mend: 'Use the bus "virtio" or "scsi" for the disk to boot from.',
  },
  'firmware-cannot-boot-block-size': {
    means: 'The firmware cannot boot from a virtio disk with sectors of 4096 bytes.',
    mend: 'Use block_size = 512, or another bus, for the disk to boot from.',
  },
  'floppy-too-large': {
    means: 'The image of a floppy drive is larger than any floppy disk.',
    mend: 'Use the image of a floppy disk.',
    isSeen: true,
  },
  'invalid-serial': {
    means: 'A serial number holds what not all buses can take.',
    mend: 'Write letters, digits, ".", "_" and "-", at most 20.',
  },
  'disk-size-unaligned': {
    means: 'A raw image that is written past the cache of the host ends within a block of its file system.',
    mend: 'Make the image a multiple of 4096 bytes long, or use another cache.',
    isSeen: true,
  },
  'io-uring-disabled': {
    means: 'The kernel of the host lets nobody use io_uring.',
    mend: 'Write "threads".',
    isSeen: true,
  },
  'queues-differ': {
    means: 'Disks of one controller ask for different numbers of queues.',
    mend: 'Write one number.',
  },
  'preallocation-with-base': {
    means: 'An overlay is to take its room at once, which qemu-img does not do.',
    mend: 'Remove preallocation, or the base.',
  },
  'queues-over-cores': {
    means: 'There are more queues than virtual CPUs to serve them.',
    mend: 'Write fewer queues.',
  },
  'seed-label-missing': {
    means: 'The image for cloud-init has not the label that cloud-init looks for.',
    mend: 'Label it cidata.',
    isSeen: true,
  },
  'seed-will-need-creation': {
    means: 'The image for cloud-init has to be made before the start.',
    mend: 'Make it with cloud-localds.',
    isSeen: true,
  },
  'share-needs-root': {
    means: 'A share keeps the owners of files, which only root can.',
    mend: 'Write security_model = "mapped-xattr" unless QEMU runs as root.',
  },
  'serial-duplicate': {
    means: 'Two disks have one serial number.',
    mend: 'Give each its own.',
  },
  'backing-chain-loop': {
    means: 'The files behind an image lead back to it.',
    mend: 'Mend the name of the backing file with "qemu-img rebase -u".',
    isSeen: true,
  },
  'backing-chain-too-deep': {
    means: 'An image has more files behind it than are read.',
    mend: 'Shorten the chain with "qemu-img rebase" or "qemu-img convert".',
    isSeen: true,
  },
  'backing-file-mismatch': {
    means: 'An image was made on another base than the profile says.',
    mend: 'Write the base that the image was made on.',
    isSeen: true,
  },
  'image-not-encrypted': {
    means: 'A disk has a key, and its image is not encrypted.',
    mend: 'Remove encryption, or use an encrypted image.',
    isSeen: true,
  },
  'size-under-base': {
    means: 'An overlay would be smaller than its base.',
    mend: 'Write a larger size_gb, or remove it.',
    isSeen: true,
  },
  'backing-file-missing': {
    means: 'A file that an image names is not there.',
    mend: 'Bring the file back, or use an image that needs no other file.',
    isSeen: true,
  },
  'backing-file-undeclared': {
    means: 'An image names a backing file, which the guest can read.',
    mend: 'See whether that is meant. "qemu-img convert" makes an image that needs no other file.',
    isSeen: true,
  },
  'boot-on-share': {
    means: 'A shared directory is to be booted from.',
    mend: 'Set boot on an image disk, or enable [kernel].',
  },
  'disk-boot-needs-firmware': {
    means: 'The machine has no firmware that boots from disks.',
    mend: 'Boot a kernel directly with [kernel], or expect the VM to stop at an empty firmware.',
  },
  'disk-format-mismatch': {
    means: 'The image has another format than the profile says.',
    mend: 'Write the format that the file has.',
    isSeen: true,
  },
  'disk-missing': {
    means: 'The image is not there.',
    mend: 'Create the image, or set size_gb to have its creation planned by the doctor.',
    isSeen: true,
  },
  'disk-not-a-file': { means: 'The image is no regular file.', mend: 'Use an image file.', isSeen: true },
  'disk-size-differs': {
    means: 'The image is there and has another size than the profile says.',
    mend: 'Remove size_gb, write the size that the image has, or change that with "qemu-img resize".',
    isSeen: true,
  },
  'directory-will-need-creation': {
    means: 'A directory has to be made before the start.',
    mend: 'Make it.',
    isSeen: true,
  },
  'disk-will-need-creation': {
    means: 'The image has to be created before the start.',
    mend: 'Create it, or let POST /plans/prepare plan that.',
    isSeen: true,
  },
  'external-data-file': {
    means: 'An image has its data in another file.',
    mend: 'See whether that is meant. "qemu-img convert" makes an image that needs no other file.',
    isSeen: true,
  },
  'external-extents': {
    means: 'An image has its data in other files.',
    mend: 'See whether that is meant. "qemu-img convert" makes an image that needs no other file.',
    isSeen: true,
  },
  'image-corrupt': {
    means: 'An image is marked as corrupt, and QEMU does not write to such an image.',
    mend: 'Mend a copy of it with "qemu-img check -r all", or use another image.',
    isSeen: true,
  },
  'image-encrypted': {
    means: 'An image is encrypted, and no profile can name a key.',
    mend: 'Use an image without encryption.',
    isSeen: true,
  },
  'image-shared-writable': {
    means: 'Two disks of the VM have one image, and one of them writes to it.',
    mend: 'Use another image, or set readonly = true on each of them.',
  },
  'image-unreadable-header': {
    means: 'An image has a header that QEMU does not take.',
    mend: 'Use another image; "qemu-img info" says more of this one.',
    isSeen: true,
  },
  'no-boot-source': {
    means: 'There is nothing to boot from.',
    mend: 'Add a [[storage.disks]] with an image, or enable [kernel].',
  },
  'several-boot-disks': {
    means: 'More than one disk is to be the boot disk.',
    mend: 'Leave boot = true on one disk.',
  },
  'share-holds-own-file': {
    means: 'The guest may write, through a share, to a file that the VM itself is made of.',
    mend: 'Share another directory, or set readonly = true.',
  },
  'share-shows-password-file': {
    means: 'The guest may read, through a directory that it is given, a file whose content is a password.',
    mend: 'Keep the file in a directory that no guest sees.',
  },
  'share-not-a-directory': {
    means: 'What is to be shared is no directory.',
    mend: 'Share a directory that exists.',
    isSeen: true,
  },
  'share-overlaps': {
    means: 'A read-only share lies in a share that the guest may write to.',
    mend: 'Share directories of which none lies in another, or set readonly = true on both.',
  },
  'size-on-share': { means: 'A shared directory is given a size.', mend: 'Remove size_gb.' },
  'too-many-devices': {
    means: 'The machine has no slots for so many devices.',
    mend: 'Remove some of them.',
  },

  // network
  'address-outside-subnet': {
    means: 'An address is none that a machine of the network can have.',
    mend: 'Write an address in the network, or remove it to get the default.',
  },
  'address-unreachable': {
    means: 'A connection can never be made to the address that a port is on.',
    mend: 'Write an address that the host has, such as 127.0.0.1.',
  },
  'address-twice': {
    means: 'Two machines of a network would have one address.',
    mend: 'Write another address.',
  },
  'bootfile-needs-tftp': {
    means: 'The file to boot over the network is in no directory.',
    mend: 'Add tftp, the directory that it is in.',
  },
  'duplicate-device': {
    means: 'Two interfaces have one network device of the host.',
    mend: 'Write another ifname.',
  },
  'duplicate-mac': { means: 'Two network cards have one address.', mend: 'Write another address.' },
  'host-network-setup': {
    means: 'The interface needs something that an administrator sets up on the host.',
    mend: 'Let an administrator set it up, or use type = "user".',
  },
  'hostfwd-address-unreachable': {
    means: 'A connection can never be made to the host address of a port forward.',
    mend: 'Write an address that the host has, such as 127.0.0.1.',
  },
  'hostfwd-guest-on-passt': {
    means: 'Behind passt a port forward can name no address of the guest.',
    mend: 'Leave the guest address out.',
  },
  'hostfwd-guest-outside-subnet': {
    means: 'A port forward leads to an address outside the network of the interface.',
    mend: 'Leave the guest address out, or write one in the subnet.',
  },
  'hostfwd-guest-unreachable': {
    means: 'A port forward leads to an address that the guest is not given.',
    mend: 'Leave the guest address out, or write one from 10.0.2.4 to 10.0.2.254.',
  },
  'hostfwd-needs-user': {
    means: 'Ports are forwarded by interfaces of the types "user" and "passt" only.',
    mend: 'Remove hostfwd, or use type = "user".',
  },
  'hostfwd-not-loopback': {
    means: 'A forwarded port can be reached from other machines.',
    mend: 'Write 127.0.0.1 as the host address unless that is meant.',
  },
  'hostfwd-privileged-port': {
    means: 'A port under 1024 needs privilege on most hosts.',
    mend: 'Use a host port from 1024 to 65535.',
  },
  'interface-name-too-long': {
    means: 'The kernel cuts names of network devices that are so long.',
    mend: 'Write a shorter name.',
  },
  'invalid-boot-file': {
    means: 'The name of a boot file is not one that DHCP can tell.',
    mend: 'Write the name of a file, such as "pxelinux.0".',
  },
  'invalid-hostfwd': { means: 'A port forward is not written as it should be.', mend: 'Mend the rule.' },
  'invalid-hostname': {
    means: 'A host name is not written as it should be.',
    mend: 'Write a name such as "lab".',
  },
  'invalid-mac': { means: 'The address cannot be that of a network card.', mend: 'Write another address.' },
  'invalid-subnet': {
    means: 'A network is not written as it should be, or no guest can be in it.',
    mend: 'Write a network such as "10.5.0.0/24".',
  },
  'mac-taken-by-qemu': {
    means: 'QEMU gives the address to another card by itself.',
    mend: 'Write another address, or give the "user" interfaces addresses too.',
  },
  'mtu-host-side-not-set': {
    means: 'The device of the host has an MTU of its own.',
    mend: 'Set the MTU of the device and its network on the host too.',
  },
  'mtu-needs-virtio': {
    means: 'Only virtio cards tell the guest an MTU.',
    mend: 'Remove mtu, or use model = "virtio-net-pci".',
  },
  'mtu-under-ipv6': {
    means: 'A network of so small an MTU has no IPv6.',
    mend: 'Write at least 1280 unless the guest needs no IPv6.',
  },
  'passt-port-twice': {
    means: 'Two forwards of passt have one port, on two addresses.',
    mend: 'Use another host port, or 0.0.0.0 for all addresses.',
  },
  'port-forwarded-twice': { means: 'Two rules take one port of the host.', mend: 'Use another host port.' },
  'queues-need-virtio': {
    means: 'Only virtio cards have several queues.',
    mend: 'Remove queues, or use model = "virtio-net-pci".',
  },
  'same-subnet-twice': {
    means: 'Two networks of the guest have addresses in common.',
    mend: 'Write another subnet, such as "10.5.0.0/24".',
  },
  'vhost-needs-virtio': {
    means: 'Only virtio cards can leave their packets to the kernel.',
    mend: 'Remove vhost, or use model = "virtio-net-pci".',
  },

  // display, gpu, input, audio, usb, passthrough
  'audio-always-records': {
    means: 'A sound card records, and no microphone was asked for.',
    mend: 'Write audio.microphone = true, or use audio.device = "intel-hda".',
  },
  'audio-backend-needs-qemu-8': {
    means: 'PipeWire came with QEMU 8.1.',
    mend: 'Use "pa", which PipeWire serves too, or a newer QEMU.',
  },
  'audio-needs-spice': {
    means: 'Sound is to go to the viewer of SPICE, and there is none.',
    mend: 'Write display.mode = "spice", or another backend.',
  },
  'display-address-missing': {
    means: 'It is not said where a display waits for its viewer.',
    mend: 'Add display.port = 5900, or display.socket = "run/NAME.sock".',
  },
  'display-address-twice': {
    means: 'A display is to wait for its viewer in two places.',
    mend: 'Leave one of them.',
  },
  'display-not-loopback': {
    means: 'The display can be reached from other machines.',
    mend: 'Write display.address = "127.0.0.1" and use a tunnel, unless that is meant.',
  },
  'display-open-to-network': {
    means: 'Other machines can have the screen and the keyboard of the guest without a password.',
    mend: 'Write display.address = "127.0.0.1", or add display.password_file.',
  },
  'display-without-password': {
    means: 'Every user of the host can have the screen and the keyboard of the guest.',
    mend: 'Add display.password_file, or use display.socket in place of a port.',
  },
  'gpu-dark-at-boot': {
    means: 'Nothing is seen on the graphics card before the guest has its driver.',
    mend: 'Use "virtio-vga", or UEFI firmware, to see the guest start.',
  },
  'gpu-needs-spice': {
    means: 'The graphics card is one for SPICE.',
    mend: 'Write display.mode = "spice", or use "virtio-vga".',
  },
  'invalid-address': {
    means: 'An IP address is not written as it should be.',
    mend: 'Write an address such as "127.0.0.1".',
  },
  'invalid-pci-address': {
    means: 'The address of a PCI device is not written as it should be.',
    mend: 'Write an address such as "0000:01:00.0".',
  },
  'invalid-usb-id': {
    means: 'The number of a USB device is not written as it should be.',
    mend: 'Write four digits such as "046d".',
  },
  'invalid-usb-port': {
    means: 'The port of a USB device is not written as it should be.',
    mend: 'Write a port such as "1.4".',
  },
  'no-keyboard': {
    means: 'There is a picture of the guest, and nothing to answer it by.',
    mend: 'Remove input.type, or write "usb".',
  },
  'passthrough-address-twice': {
    means: 'A PCI device is handed to the guest twice.',
    mend: 'Remove one of them.',
  },
  'pci-device-missing': {
    means: 'The host has no such PCI device.',
    mend: 'See with lspci -D what address it has.',
    isSeen: true,
  },
  'pci-device-not-bound': {
    means: 'The driver of a PCI device is not vfio-pci.',
    mend: 'Bind it to vfio-pci before the start.',
    isSeen: true,
  },
  'pci-device-without-iommu': {
    means: 'A PCI device is in no IOMMU group.',
    mend: 'Switch the IOMMU of the host on.',
    isSeen: true,
  },
  'pci-group-in-use': {
    means: 'The host uses other devices of the same IOMMU group.',
    mend: 'Bind them to vfio-pci too.',
    isSeen: true,
  },
  'pci-group-not-permitted': {
    means: 'This user may not use the IOMMU group of a PCI device.',
    mend: 'Let the user that runs QEMU read and write it.',
    isSeen: true,
  },
  'resolution-over-memory': {
    means: 'A picture does not fit into the memory of the graphics card.',
    mend: 'Write a smaller one, or use "virtio-vga".',
  },
  'usb-device-ambiguous': {
    means: 'Several USB devices are equal, and QEMU takes the first.',
    mend: 'Name the one that is meant by its bus and its port.',
    isSeen: true,
  },
  'usb-device-missing': {
    means: 'A USB device is not plugged in.',
    mend: 'Plug it in, or see with lsusb what it is called.',
    isSeen: true,
  },
  'usb-device-selected-twice': {
    means: 'A USB device is named by what it is and by where it is.',
    mend: 'Leave vendor_id and product_id, or bus and port.',
  },
  'usb-device-twice': {
    means: 'One USB device is handed to the guest twice.',
    mend: 'Remove one of them.',
  },
  'usb-device-unselected': {
    means: 'It is not said which USB device the guest gets.',
    mend: 'Add vendor_id and product_id, or bus and port.',
  },
  'usb-device-unwritable': {
    means: 'This user may not read and write a USB device.',
    mend: 'Let the user that runs QEMU do so.',
    isSeen: true,
  },
  'secret-file-empty': {
    means: 'A file that is to hold a password is empty.',
    mend: 'Write the password to it, as with "printf %s".',
    isSeen: true,
  },
  'secret-file-mode': {
    means: 'A file that holds a password is open to others than its owner.',
    mend: 'Run "chmod 600" on it; its owner has to be the user that runs QEMU.',
    isSeen: true,
  },
  'spice-password-too-long': {
    means: 'SPICE lets nobody in with a password of more than 59 bytes.',
    mend: 'Use a shorter password.',
    isSeen: true,
  },
  'vnc-password-8-characters': {
    means: 'VNC takes only the first 8 bytes of a password.',
    mend: 'Use a short password without a line feed, as "printf %s" writes it, and an address that is not open to others.',
  },
  'websocket-needs-tcp': {
    means: 'A display on a unix socket has no port for browsers.',
    mend: 'Remove display.websocket_port, or use display.port in place of the socket.',
  },

  // serial, console, kernel
  'append-long': { means: 'Kernels commonly cut a command line that is so long.', mend: 'Shorten it.' },
  'append-unsafe': {
    means: 'A kernel parameter changes what the guest starts with or is protected by.',
    mend: 'Remove it unless that is meant.',
  },
  'console-not-on-serial': {
    means: "The kernel's messages will not reach the serial port.",
    mend: 'Write console= in kernel.append with the serial port of the machine.',
  },
  'escape-sequence-conflict': {
    means: 'The escape sequence is one that shells use themselves.',
    mend: 'Write another sequence, such as "ctrl+]".',
  },
  'initrd-comma': {
    means: 'A multiboot kernel reads a comma as the start of another file.',
    mend: 'Use a path without a comma.',
  },
  'initrd-missing': {
    means: 'The initial RAM disk is not there.',
    mend: 'Use a file that exists.',
    isSeen: true,
  },
  'initrd-space': {
    means: 'A multiboot kernel reads what follows a space as arguments.',
    mend: 'Use a path without a space.',
  },
  'invalid-escape-sequence': {
    means: 'The escape sequence is not written as it should be.',
    mend: 'Write a sequence such as "ctrl+]".',
  },
  'kernel-invalid': {
    means: 'The file is empty, or too short for a kernel.',
    mend: 'Use a kernel, all of it.',
    isSeen: true,
  },
  'kernel-missing': { means: 'The kernel is not there.', mend: 'Use a file that exists.', isSeen: true },
  'kernel-no-root': {
    means: 'The kernel will find no root file system.',
    mend: 'Add kernel.initrd, an image disk, or root= to kernel.append.',
  },
  'kernel-without-serial': {
    means: 'The messages of the kernel will be seen nowhere.',
    mend: 'Set serial.enabled = true and console= in kernel.append.',
  },
  'no-console': {
    means: 'There will be no way to talk to the VM.',
    mend: 'Enable [serial], or forward a port of a "user" interface.',
  },
  'root-not-a-disk': {
    means: 'The kernel is to find its root file system on a disk that the VM does not have.',
    mend: 'Write root= with a disk of the VM: Linux calls the first on virtio /dev/vda, on scsi, sata, ide and usb /dev/sda, on nvme /dev/nvme0n1.',
  },
  'console-ports-over-controller': {
    means: 'There are more consoles and channels than their controller has ports.',
    mend: 'Remove some of them.',
  },
  'serial-ports-over-machine': {
    means: 'The machine has not so many serial ports, and QEMU would drop some of them without a word.',
    mend: 'Remove some of them, or write them as [[consoles]], which every machine has.',
  },
  'serial-ports-without-first': {
    means: 'There are serial ports after the first, and no first one.',
    mend: 'Enable [serial] with another mode than "none", or remove serial.ports.',
  },
  'serial-tcp-privileged-port': {
    means:
      'A serial port or a console is a port of the host under 1024, which needs privilege on most hosts.',
    mend: 'Use a port from 1024 to 65535.',
  },
  'serial-tcp-not-loopback': {
    means: 'Other machines can reach a serial port or a console, and nothing asks them for a password.',
    mend: 'Write address = "127.0.0.1" unless that is meant.',
  },
  'stdio-needs-terminal': {
    means: 'A serial port or a console leads to the terminal in which QEMU is started.',
    mend: 'Start QEMU by hand in a terminal, or use the mode "socket".',
  },
  'stdio-twice': {
    means: 'Two serial ports or consoles lead to one terminal, which QEMU refuses.',
    mend: 'Leave the mode "stdio" on one of them.',
  },
  'serial-device-not-used': {
    means: 'The serial mode has no device.',
    mend: 'Remove serial.device, or use mode = "socket" or "file".',
  },
  'serial-logfile-ignored': {
    means: 'The serial mode writes no log.',
    mend: 'Remove serial.logfile, or use mode = "file".',
  },
  'serial-logfile-wins': {
    means: 'Two files are named for the serial port, and one is taken.',
    mend: 'Remove serial.device.',
  },

  // devices
  'balloon-with-locked-memory': {
    means: 'A balloon can give back no memory that is locked.',
    mend: 'Remove devices.balloon or memory.lock.',
  },
  'balloon-with-passthrough': {
    means: 'A balloon can take no memory from a guest that has PCI devices of the host.',
    mend: 'Remove devices.balloon.',
  },
  'free-page-reporting-needs-balloon': {
    means: 'Free pages are to be reported, and there is no balloon to report them.',
    mend: 'Set devices.balloon = true, or remove devices.free_page_reporting.',
  },
  'watchdog-beside-own': {
    means: 'The action of the watchdog holds for one that the machine has itself too.',
    mend: 'Nothing has to be done; the guest chooses the watchdog that it feeds.',
  },

  // process, debug, rtc, smbios, fw_cfg
  'daemonize-with-pty': {
    means: 'The terminal of a serial port is named where nobody may see it.',
    mend: 'Use serial.mode = "socket", or ask QMP for the terminal.',
  },
  'daemonize-with-stdio': {
    means: 'A QEMU in the background has no terminal, which a serial port or a console leads to.',
    mend: 'Use the mode "socket", or remove process.daemonize.',
  },
  'daemonize-with-sandbox': {
    means: 'A QEMU in a sandbox cannot go to the background.',
    mend: 'Remove one of them; a service manager can keep QEMU in the background too.',
  },
  'daemonize-with-window': {
    means: 'A QEMU in the background has no session to open a window in.',
    mend: 'Remove process.daemonize, or use display.mode = "vnc".',
  },
  'debug-log-percent': {
    means: 'QEMU reads a "%" in the name of its log as a template.',
    mend: 'Use a path without "%".',
  },
  'fw-cfg-content-twice': {
    means: 'A file for the guest has two contents.',
    mend: 'Leave either file or text.',
  },
  'gdb-address-twice': {
    means: 'A debugger is to come in by a socket and by a port.',
    mend: 'Leave one of them.',
  },
  'gdb-is-full-control': {
    means: 'Whoever reaches the debugger has the whole guest in hand.',
    mend: 'Remove it unless the guest is debugged.',
  },
  'invalid-rtc-base': {
    means: 'The clock is set to what is no time, or to one that it cannot show.',
    mend: 'Write "utc", "localtime" or a time such as "2024-02-29T12:00:00".',
  },
  'panic-without-device': {
    means: 'The guest has no device by which it reports a panic.',
    mend: 'Set devices.panic = true, or remove process.on_panic.',
  },
  'paused-without-qmp': {
    means: 'Nobody can let a guest run that starts paused.',
    mend: 'Enable [qmp] or [monitor], or remove process.start_paused.',
  },
  'sandbox-with-helper': {
    means: 'QEMU starts a helper, which its sandbox forbids.',
    mend: 'Use a tap interface, or remove process.sandbox.',
  },
  'smbios-too-long': {
    means: 'A text about the machine is too long.',
    mend: 'Write at most 64 bytes.',
  },

  // Paths, whatever they are for, and the host.
  'drive-relative-path': {
    means: 'The path depends on the current directory of a drive.',
    mend: 'Write a path with "\\" after the drive, or one relative to the project root.',
  },
  'file-unreadable': {
    means: 'This user may not look at a file or a directory that QEMU reads.',
    mend: 'Let the planner see it.',
    isSeen: true,
  },
  'file-unwritable': {
    means: 'This user may not write a file or a directory that QEMU writes to.',
    mend: 'Change its owner or its permissions.',
    isSeen: true,
  },
  'forbidden-path': {
    means: 'The path leads to a place that no plan may name.',
    mend: 'Use another path, in the project root.',
  },
  'host-lacks-backend': {
    means: 'QEMU does not have it on this system.',
    mend: 'Use another one, or run the VM on a host that has it.',
  },
  'invalid-file-name': {
    means: 'The system of the host has no file of such a name.',
    mend: 'Use another name.',
  },
  'outside-project-root': {
    means: 'The path leads out of the project root.',
    mend: 'Use a path in the project root.',
  },
  'parent-directory-missing': {
    means: 'The directory of a socket, a log or a pidfile is not there.',
    mend: 'Create the directory before the start.',
    isSeen: true,
  },
  'parent-directory-unwritable': {
    means: 'This user may create nothing where a socket, a log or a pidfile will be.',
    mend: 'Change the owner or the permissions of the directory.',
    isSeen: true,
  },
  'path-conflict': {
    means:
      'QEMU would replace or empty what another key names, the guest would write it, it would be made in two ways, or it is a file and a directory at once.',
    mend: 'Use a path of its own.',
  },
  'path-not-a-directory': {
    means: 'Where a directory is wanted there is something else.',
    mend: 'Use another path.',
    isSeen: true,
  },
  'path-not-a-file': { means: 'The path names a directory.', mend: 'Write the path of a file.' },
  'path-occupied': {
    means: 'Something else lies where QEMU will make a socket or write a log.',
    mend: 'Move it away, or use another path.',
    isSeen: true,
  },
  'path-outer-space': {
    means: 'The path starts or ends with a space.',
    mend: 'Remove the space unless the file is called so.',
  },
  'path-too-long': { means: 'The path is longer than the system takes.', mend: 'Use a shorter path.' },
  'shell-expansion': {
    means: 'The path holds what only a shell would expand.',
    mend: 'Write the path in full, such as "/home/dev/a.img" for "~/a.img".',
  },
  'socket-is-link': {
    means: 'A symbolic link lies where a socket will be, and QEMU replaces the link, not what it leads to.',
    mend: 'Remove the link, or write the path that is meant.',
    isSeen: true,
  },
  'socket-path-too-long': {
    means: 'The path is longer than that of a unix socket may be.',
    mend: 'Use a shorter path.',
  },
  'symlink-escape': {
    means: 'The path looks as if it were in the project root, and links lead out of it.',
    mend: 'Write the real path, so that a reviewer sees it.',
  },
  'symlink-loop': {
    means: 'Symbolic links lead in a circle.',
    mend: 'Mend the links, or use another path.',
  },
  'url-as-path': {
    means: 'A URL stands where a path of the host is wanted.',
    mend: 'Fetch the file first, and name the copy; a path has no "file://" before it.',
  },
  'windows-path': {
    means: 'The path is written as windows has them, and the host is another system.',
    mend: 'Write the path as the host has it, with "/".',
  },

  // Between the VMs of one host.
  'dependency-circle': {
    means: 'VMs wait for one another to be started.',
    mend: 'Remove one of the dependencies, or let another one of them listen.',
  },
  'dependency-unknown': {
    means: 'A VM is to be started after one that is not among those that are planned for the host.',
    mend: 'Plan that VM with them, or remove its name from vm.depends_on.',
  },
  'mac-used-twice': {
    means: 'Several VMs have one MAC address on a network that others are on.',
    mend: 'Give each card an address of its own, or remove mac to have one made from the names.',
  },
  'more-conflicts': {
    means: 'There are more conflicts on the host than are listed.',
    mend: 'Mend those that are listed and ask again.',
  },
  'name-used-twice': {
    means: 'Several VMs of one host have one name.',
    mend: 'Give each VM a name of its own.',
  },
  'no-listener': {
    means: 'A card connects to a socket, and no VM that is planned for the host listens there.',
    mend: 'Plan the VM that listens with them, or write the path at which one does.',
  },
  'path-written-and-read': {
    means: 'A file is read by VMs and written by another one.',
    mend: 'Give the VM that writes a file of its own, or let it read too.',
  },
  'path-written-twice': {
    means: 'A file is written by several VMs.',
    mend: 'Give each VM a file of its own.',
  },
  'port-taken-twice': {
    means: 'A port of the host is taken by several VMs.',
    mend: 'Use another port, or another address, for each VM.',
  },
  'share-holds-others-file': {
    means: 'A guest may write to a directory in which a disk of another VM lies.',
    mend: 'Share a directory without disks, or share it with readonly = true.',
  },
  'socket-used-twice': {
    means: 'Several VMs listen at one socket.',
    mend: 'Use another path for each VM.',
  },
  'pci-device-used-twice': {
    means: 'Several VMs are to get one PCI device.',
    mend: 'Give it to one of them.',
  },
  'usb-device-used-twice': {
    means: 'Several VMs are to get one USB device.',
    mend: 'Give it to one of them.',
  },
  'vsock-cid-used-twice': {
    means: 'Several VMs have one vsock number.',
    mend: 'Write another devices.vsock_cid for each VM.',
  },
  'tap-used-twice': {
    means: 'Several VMs take one tap device.',
    mend: 'Make a tap device for each card.',
  },
} as const satisfies Readonly<Record<string, CodeKind>>;

export type IssueCode = keyof typeof ISSUE_CODES;

/** Whether only a look at the host's files can find an issue of this code. */
export function isSeenOnHost(code: IssueCode): boolean {
  const kind: CodeKind = ISSUE_CODES[code];
  return kind.isSeen === true;
}

export function isAboutKey(code: IssueCode): boolean {
  const kind: CodeKind = ISSUE_CODES[code];
  return kind.isAboutKey === true;
}
