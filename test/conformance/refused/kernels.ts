/** Rules about the kernel, the name of the machine, and the length of things. */
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { multibootKernel } from '../kernel_images.ts';
import { type Lane, PLAIN_LANE } from '../lane.ts';
import { type Kernel, ROOT_DISK, small, small2 } from '../small_profile.ts';
import {
  type Expectation,
  type RefusedCase,
  replaced,
  unchanged,
  without,
  withValue,
} from './refused_case.ts';

const KERNEL: Kernel = { enabled: true, bzimage: 'b/kernel' };

export function refusedKernels(): RefusedCase[] {
  return [...kernels(), ...names(), ...lengths()];
}

function kernels(): RefusedCase[] {
  const initrd = (file: string): ProfileDocument =>
    small('x86_64', { kernel: { ...KERNEL, enabled: true, initrd: file } });
  const multiboot = ({ root }: Lane): void => writeFileSync(join(root, 'b/kernel'), multibootKernel());
  return [
    {
      rule: 'initrd-comma',
      name: 'an initrd with a comma for a multiboot kernel',
      lane: PLAIN_LANE,
      isProbed: true,
      near: initrd('b/init'),
      bad: initrd('b/init,rd'),
      spoil: multiboot,
      edit: (argv, { root }) => {
        writeFileSync(join(root, 'b/init,rd'), 'an initial RAM disk');
        return replaced(argv, 'b/init', 'b/init,rd');
      },
      expect: { refuses: /Failed to (?:open|get)|could not|rd/i },
    },
    {
      rule: 'initrd-comma',
      name: 'an initrd with a comma for a Linux kernel',
      lane: PLAIN_LANE,
      near: initrd('b/init'),
      bad: initrd('b/init,rd'),
      edit: (argv, { root }) => {
        writeFileSync(join(root, 'b/init,rd'), 'an initial RAM disk');
        return replaced(argv, 'b/init', 'b/init,rd');
      },
      expect: { accepts: 'what -initrd means depends on the kernel, and nobody looks at a given host' },
    },
    {
      rule: 'initrd-missing',
      name: 'an initrd that is not there',
      lane: PLAIN_LANE,
      isProbed: true,
      near: initrd('b/init'),
      bad: initrd('b/init'),
      spoil: ({ root }) => rmSync(join(root, 'b/init')),
      edit: unchanged,
      expect: { refuses: /initrd/ },
    },
    ...['aarch64' as const, 'riscv64' as const].map(
      (arch): RefusedCase => ({
        ...badTree(arch),
        name: `a text for a device tree on ${arch}`,
        spoil: ({ root }) => writeFileSync(join(root, 'b/tree'), '/dts-v1/;'),
      }),
    ),
    {
      // On riscv64 QEMU 10.0 hands a small one on.
      ...badTree('aarch64'),
      name: 'a device tree that has been cut off',
      spoil: ({ root }) => truncateSync(join(root, 'b/tree'), 200),
    },
    {
      rule: 'missing-field',
      name: 'a kernel command line without a kernel',
      near: small('x86_64', { kernel: { ...KERNEL, enabled: true, append: 'x' } }),
      bad: small('x86_64', { kernel: { enabled: true, append: 'x' } }),
      edit: (argv) => without(argv, '-kernel'),
      expect: { refuses: /-append only allowed with -kernel/ },
    },
    {
      rule: 'missing-field',
      name: 'an initrd without a kernel',
      lane: PLAIN_LANE,
      near: initrd('b/init'),
      bad: small('x86_64', { kernel: { enabled: true, initrd: 'b/init' } }),
      edit: (argv) => without(argv, '-kernel'),
      expect: { refuses: /-initrd only allowed with -kernel/ },
    },
    {
      rule: 'empty-value',
      name: 'an empty disk path',
      near: small('x86_64'),
      bad: small('x86_64', { storage: { disks: [{ ...ROOT_DISK, path: '' }] } }),
      edit: (argv, { root }) => replaced(argv, `${root.replaceAll(',', ',,')}/i/root.img`, ''),
      expect: { refuses: /needs media|file/ },
    },
  ];
}

function badTree(arch: 'aarch64' | 'riscv64'): Omit<RefusedCase, 'name'> {
  const profile = small2(arch, { kernel: { ...KERNEL, enabled: true, dtb: 'b/tree' } });
  return {
    rule: 'device-tree-invalid',
    lane: PLAIN_LANE,
    isProbed: true,
    near: profile,
    bad: profile,
    edit: unchanged,
    expect: { refuses: /Couldn't open dtb file|load_device_tree/ },
  };
}

function names(): RefusedCase[] {
  const name = (bad: string, expect: Expectation): RefusedCase => ({
    rule: 'invalid-name',
    name: `vm.name ${JSON.stringify(bad)}`,
    near: small('x86_64'),
    bad: small('x86_64', { vm: { name: bad } }),
    edit: (argv) => withValue(argv, '-name', bad),
    expect,
  });
  return [
    name('a,b', { refuses: /Invalid parameter 'b'/ }),
    name('a=b', { refuses: /Invalid parameter 'a'/ }),
    name('a,process=x', {
      harms: (outcome) => {
        const comm = outcome.isRunning ? readFileSync(`/proc/${outcome.pid}/comm`, 'utf8').trim() : '';
        return comm === 'x' ? 'the process calls itself x' : null;
      },
    }),
    name('a b', { accepts: 'the name is part of default file names, and a word in logs' }),
    name('a/b', { accepts: 'the name is part of default file names, where a slash is a directory' }),
    name('a'.repeat(65), { accepts: 'the default socket paths have to stay short' }),
    name('', { accepts: 'a machine without a name cannot be told from another' }),
  ];
}

function lengths(): RefusedCase[] {
  const disk = (path: string): ProfileDocument =>
    small('x86_64', { storage: { disks: [{ ...ROOT_DISK, path }] } });
  const long = (name: string, path: string): RefusedCase => ({
    rule: 'path-too-long',
    name,
    near: small('x86_64'),
    bad: disk(path),
    edit: (argv) => replaced(argv, 'i/root.img', path),
    expect: { refuses: /File name too long/ },
  });
  const kernel = (append: string): ProfileDocument =>
    small('x86_64', { kernel: { ...KERNEL, enabled: true, append } });
  return [
    long('a file name of 256 bytes', 'x'.repeat(256)),
    long('a file name of 128 letters in 256 bytes', 'ü'.repeat(128)),
    long('a path of over 4095 bytes', `${'x'.repeat(200)}/`.repeat(21)),
    {
      rule: 'argument-too-long',
      name: 'a kernel command line of 131072 bytes',
      near: kernel('x'.repeat(131071)),
      bad: kernel('x'.repeat(131072)),
      edit: (argv) => withValue(argv, '-append', 'x'.repeat(131072)),
      expect: { refuses: /E2BIG/ },
    },
  ];
}
