/** What is asked of the machine itself: processors, memory, kvm, and how QEMU would load a kernel. */
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { ProbedCapacity } from '../../src/facts/host.ts';
import { probeCapacity } from '../../src/host/capacity.ts';
import { readIsDeviceTree } from '../../src/host/device_tree.ts';
import { isMultibootKernel, KERNEL_BYTES, readKernel, UNREAD_KERNEL } from '../../src/host/kernel_header.ts';
import { probeHost } from '../../src/host/probe_host.ts';
import { type PathUse, probePath } from '../../src/host/probe_path.ts';
import { probeKvm } from '../../src/host/system.ts';
import { SYSTEM_FILES, type SystemFiles } from '../../src/host/system_files.ts';
import { withKernel } from '../help/changes.ts';
import { changed } from '../help/documents.ts';
import { LINUX } from '../help/hosts.ts';
import { draftOf } from '../help/plans.ts';
import {
  folderOf,
  isLinux,
  OWNS_ALL,
  onLinux,
  onPosix,
  settingsOf,
  UNREADABLE_FILE,
} from '../help/this_host.ts';

const MEMORY = [
  'MemTotal:        2048000 kB',
  'MemFree:          100000 kB',
  'CommitLimit:     1024512 kB',
  'Committed_AS:      99999 kB',
  '',
].join('\n');

function capacityOf(t: Test, online: string, overcommit: string, memory = MEMORY): Promise<ProbedCapacity> {
  const root = folderOf(t, { online, memory, overcommit });
  const [onlineCpus, memInfo] = [join(root, 'online'), join(root, 'memory')];
  return probeCapacity('linux', {
    ...SYSTEM_FILES,
    onlineCpus,
    memInfo,
    overcommit: join(root, 'overcommit'),
  });
}

t.test('processors and memory', async (t) => {
  const capacity = { memoryMb: 2000, commitLimitMb: null };
  t.strictSame(await capacityOf(t, '0-3\n', '0\n'), { ...capacity, cpus: 4 });
  t.strictSame(await capacityOf(t, '0\n', '1\n'), { ...capacity, cpus: 1 });
  t.strictSame(await capacityOf(t, '0,2-4,8,10-11\n', ''), { ...capacity, cpus: 7 });
  t.strictSame(await capacityOf(t, '0-1\n', '2\n'), { cpus: 2, memoryMb: 2000, commitLimitMb: 1000 });
  const nothing = { cpus: null, memoryMb: null, commitLimitMb: null };
  t.strictSame(await capacityOf(t, '', '2\n', ''), nothing, 'empty files');
  const elsewhere = { ...SYSTEM_FILES, onlineCpus: '/no/a', memInfo: '/no/b', overcommit: '/no/c' };
  t.strictSame(await probeCapacity('linux', elsewhere), nothing, 'a system without /proc and /sys');
  const own = { cpus: cpus().length, memoryMb: Math.floor(totalmem() / 1024 ** 2), commitLimitMb: null };
  t.strictSame(await probeCapacity('darwin', elsewhere), own, 'off Linux the runtime is asked');
});

t.test('the processors and the memory of this very host', onLinux, async (t) => {
  const capacity = await probeCapacity('linux', SYSTEM_FILES);
  t.equal(capacity.memoryMb, Math.floor(totalmem() / 1024 ** 2));
  t.ok((capacity.cpus ?? 0) >= 1);
  const { probed } = await probeHost(draftOf(changed({})), settingsOf('/srv/lab'));
  t.strictSame(probed?.capacity, capacity);
});

/** A file as long as QEMU reads, with 32-bit words at some places. */
function fileWith(words: Readonly<Record<number, number>>, length = KERNEL_BYTES): Buffer {
  const bytes = Buffer.alloc(length);
  for (const [offset, word] of Object.entries(words)) bytes.writeUInt32LE(word, Number(offset));
  return bytes;
}

const HDRS = 0x53726448;
const MAGIC = 0x1badb002;
const FLAGS = 0x10003;
const CHECKSUM = 2 ** 32 - MAGIC - FLAGS;
const header = (offset: number) => ({ [offset]: MAGIC, [offset + 4]: FLAGS, [offset + 8]: CHECKSUM });

t.test('kernels that QEMU reads a list of initrds for', (t) => {
  t.equal(isMultibootKernel(fileWith(header(0))), true);
  t.equal(isMultibootKernel(fileWith(header(4096))), true);
  t.equal(isMultibootKernel(fileWith(header(KERNEL_BYTES - 12))), true);
  t.equal(isMultibootKernel(fileWith({ ...header(4), 0: MAGIC })), true, 'a magic without its sum before it');
  t.equal(isMultibootKernel(fileWith({ 0: MAGIC, 4: FLAGS })), false, 'no sum');
  t.equal(isMultibootKernel(fileWith({ 0: MAGIC }, 8)), false, 'cut off');
  t.equal(isMultibootKernel(fileWith(header(2))), false, 'at an odd place');
  t.equal(isMultibootKernel(fileWith({ ...header(0), 514: HDRS })), false, 'a bzImage, whatever else');
  t.equal(isMultibootKernel(fileWith({ 514: HDRS })), false);
  t.equal(isMultibootKernel(fileWith({ 56: 0x644d5241 }, 64)), false, 'an arm64 Image');
  t.equal(isMultibootKernel(fileWith({ 56: 0x05435352 }, 64)), false, 'a riscv64 Image');
  t.equal(isMultibootKernel(Buffer.alloc(0)), false);
  t.end();
});

t.test('a kernel that has been cut off', async (t) => {
  const root = folderOf(t, {});
  const of = async (words: Parameters<typeof fileWith>[0], size: number): Promise<boolean | null> => {
    writeFileSync(join(root, 'kernel'), fileWith(words).subarray(0, size));
    return (await probePath(join(root, 'kernel'), 'kernel', LINUX, OWNS_ALL)).isLongEnough;
  };
  // The byte that says how many sectors are before the kernel is the second of the word at 496.
  for (const [about, words, size, expected] of [
    ['what says nothing has five', {}, 2560, true],
    ['and no less', {}, 2559, false],
    ['two', { 496: 0x100 }, 1024, true],
    ['of two', { 496: 0x100 }, 1023, false],
    ['of many', { 496: 0x1000 }, 8000, false],
    ['before that is said', {}, 300, false],
    ['an ELF file', { 0: 0x464c457f }, 64, true],
    ['multiboot', header(0), 12, true],
    ['nothing', {}, 0, false],
  ] as const)
    t.equal(await of(words, size), expected, about);
});

t.test('a look at a kernel, and at nothing else', async (t) => {
  const root = folderOf(t, { multiboot: fileWith(header(0)), linux: fileWith({ 514: HDRS }), folder: {} });
  const look = (name: string, use: PathUse = 'kernel') => probePath(join(root, name), use, LINUX, OWNS_ALL);
  t.match(await look('multiboot'), { isMultiboot: true, header: null });
  t.match(await look('linux'), { isMultiboot: false });
  t.match(await look('multiboot', 'file'), { isMultiboot: null });
  for (const name of ['folder', 'absent']) t.match(await look(name), { isMultiboot: null }, name);
  if (isLinux) {
    const forbidden = await probePath(UNREADABLE_FILE, 'kernel', LINUX, OWNS_ALL);
    t.match(forbidden, { kind: 'file', isMultiboot: null }, 'a place that no plan may name is not opened');
    t.strictSame(await readKernel(UNREADABLE_FILE, 1), UNREAD_KERNEL, 'what this user may not read');
  }
  const change = withKernel({ bzimage: 'multiboot', initrd: 'linux' });
  const { probed } = await probeHost(draftOf(changed(change)), settingsOf(root));
  t.equal(probed?.paths.get(join(root, 'multiboot'))?.isMultiboot, true);
  t.equal(probed?.paths.get(join(root, 'linux'))?.isMultiboot, null, 'an initrd is not read');
});

/** A header of a device tree, as devicetree-specification has it. */
const treeWith = ({ magic = 0xd00dfeed, size = 40, version = 17, compatible = 16 } = {}): Buffer => {
  const bytes = Buffer.alloc(40);
  for (const [at, value] of [
    [0, magic],
    [4, size],
    [20, version],
    [24, compatible],
  ] as const)
    bytes.writeUInt32BE(value, at);
  return bytes;
};

t.test('a device tree is one that QEMU can load', async (t) => {
  const trees = {
    whole: treeWith(),
    another: treeWith({ magic: 0xedfe0dd0 }),
    'cut off': treeWith({ size: 41 }),
    old: treeWith({ version: 1 }),
    new: treeWith({ version: 99, compatible: 99 }),
    short: treeWith().subarray(0, 27),
    empty: Buffer.alloc(0),
  };
  const root = folderOf(t, { ...trees, folder: {} });
  const look = async (name: string, use: PathUse = 'device-tree') =>
    (await probePath(join(root, name), use, LINUX, OWNS_ALL)).isDeviceTree;
  for (const name of Object.keys(trees)) t.equal(await look(name), name === 'whole', name);
  t.equal(await look('whole', 'file'), null);
  for (const name of ['folder', 'absent']) t.equal(await look(name), null, name);
  if (isLinux) t.equal(await readIsDeviceTree(UNREADABLE_FILE, 40), null, 'what this user may not read');
  const change = { schema_version: 2, ...withKernel({ bzimage: 'old', dtb: 'whole' }) };
  const { probed } = await probeHost(draftOf(changed(change)), settingsOf(root));
  t.equal(probed?.paths.get(join(root, 'whole'))?.isDeviceTree, true);
});

t.test(
  'kvm: whether this process has the group, or only the lists give it to its user',
  onPosix,
  async (t) => {
    const root = folderOf(t, {
      kvm: '',
    });
    const device = join(root, 'kvm');
    chmodSync(device, 0o660);
    const { gid } = statSync(device);
    const of = async (members: string, status: string, passwd = 'dev:x:1000:1000::/:\n') => {
      writeFileSync(join(root, 'group'), `kvm:x:${gid}:${members}\n`);
      writeFileSync(join(root, 'status'), status);
      writeFileSync(join(root, 'passwd'), passwd);
      const [groups, processStatus, users] = ['group', 'status', 'passwd'].map((name) => join(root, name));
      return (await probeKvm(device, { ...SYSTEM_FILES, groups, processStatus, users } as SystemFiles))
        .membership;
    };
    const process = (group: number | string, groups: string) =>
      `Uid:\t1000\t1000\t1000\t1000\nGid:\t${group}\t${group}\nGroups:\t${groups}\nNStgid:\t${gid}\n`;
    t.equal(await of('dev', process(gid + 1, `${gid + 2} ${gid} `)), 'held', 'among its groups');
    t.equal(await of('', process(gid, ' ')), 'held', 'its own group');
    t.equal(await of('a,dev,b', process(gid + 1, ' ')), 'listed');
    t.equal(
      await of('', process(gid + 1, ' '), `dev:x:1000:${gid}::/:\n`),
      'listed',
      'the group of the user',
    );
    t.equal(await of('adev', process(gid + 1, ' ')), 'none', 'a user of another name');
    t.equal(await of('dev', process(gid + 1, ' '), ''), 'none', 'a user without a name');
    t.equal(await of('dev', ''), 'none', 'without /proc');
  },
);

t.test('kvm: a virtual machine whose CPU does not show that it can run others', onPosix, async (t) => {
  const root = folderOf(t, {});
  const of = async (text: string) => {
    writeFileSync(join(root, 'cpuinfo'), text);
    const { isDoubtful } = await probeKvm(join(root, 'absent'), {
      ...SYSTEM_FILES,
      cpuInfo: join(root, 'cpuinfo'),
    });
    return isDoubtful;
  };
  t.equal(await of('model\t: x\nflags\t\t: fpu hypervisor lm\nbugs\t:\n'), true);
  t.equal(await of('flags\t\t: fpu svm hypervisor\n'), false, 'AMD');
  t.equal(await of('flags\t\t: vmx hypervisor fpu\nvmx flags\t: ept\n'), false, 'Intel');
  t.equal(await of('flags\t\t: fpu lm\n'), false, 'no virtual machine');
  t.equal(await of('Features\t: fp asimd\n'), false, 'another architecture');
  t.equal(await of(''), false);
});
