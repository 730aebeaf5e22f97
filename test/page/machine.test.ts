/** What the page draws of a machine, from answers of the service itself. */
import t from 'tap';
import type { ArgvResult, Plan } from '../../src/page/api.ts';
import { linesOfPart, partsOfLine } from '../../src/page/links.ts';
import { type Machine, machineOf } from '../../src/page/machine.ts';
import { type Lab, newLab } from '../help/app.ts';

const HOST = { os: 'linux', arch: 'x86_64', accelerators: ['kvm'], project_root: '/lab,1' };

async function drawn(lab: Lab, profile: object): Promise<Machine> {
  const request = { profile, host: HOST };
  const answer = await lab.post('/argv', request);
  if (answer.statusCode !== 200) throw new Error(answer.body);
  const result = answer.json() as unknown as ArgvResult;
  const plan = (await lab.post('/plans/start', request)).json() as unknown as Plan;
  return machineOf({ ...result, resources: plan.affected_resources });
}

function outline({ boxes, things }: Machine): object {
  return {
    boxes: boxes.map(({ title, lines }) => `${title}: ${lines.join(' | ')}`),
    things: things.map(({ name, box }) => `${boxes[box]?.title ?? 'the machine'} -> ${name}`),
  };
}

t.test('a machine with everything', async (t) => {
  const lab = await newLab(t);
  const machine = await drawn(lab, {
    schema_version: 2,
    vm: { name: 'db' },
    hardware: { arch: 'x86_64', cores: 4, memory_mb: 4096, topology: { threads: 2 } },
    memory: { hugepages_kb: 2048, max_mb: 8192, slots: 2 },
    storage: {
      disks: [
        { name: 'root', path: 'a.qcow2', format: 'qcow2', bus: 'scsi', iothread: true },
        { name: 'src', path: 'src', format: 'host-path' },
      ],
      cdroms: [{ name: 'iso', path: 'a.iso' }],
      floppies: [{ name: 'fd', path: 'a.img' }],
    },
    network: {
      interfaces: [
        { name: 'net0', type: 'user', hostfwd: ['tcp:127.0.0.1:2222-:22'] },
        { name: 'tap0', type: 'tap' },
      ],
    },
    boot: { order: ['root'] },
    qmp: { enabled: true },
    serial: { enabled: true, mode: 'file', logfile: 'logs/a.log' },
  });
  t.strictSame(outline(machine), {
    boxes: [
      'CPU: host | 4 virtual CPUs',
      'Memory: 4096M | memory-backend-memfd 4096M',
      'Object iothread-scsi0: iothread',
      'Disk root: virtio-scsi-pci | qcow2 /lab,1/a.qcow2 | scsi-hd boots as 1',
      'CD-ROM iso: raw /lab,1/a.iso | ide-cd',
      'Floppy fd: isa-fdc | raw /lab,1/a.img | floppy',
      'Share src: local,path=/lab,,1/src,security_model=none,id=src | virtio-9p-pci',
      'Network card net0: user tcp:127.0.0.1:2222-:22 | virtio-net-pci',
      'Network card tap0: tap | virtio-net-pci',
      'Control: unix:/lab,,1/run/db.qmp.sock,server=on,wait=off',
      'Serial port: file:/lab,1/logs/a.log',
    ],
    things: [
      'CPU -> device:/dev/kvm',
      'the machine -> device:/dev/net/tun',
      'Memory -> hugepages:2048',
      'Network card tap0 -> mac:52:54:00:7a:d0:a3',
      'Network card tap0 -> netdev:tap0',
      'CD-ROM iso -> path:read:/lab,1/a.iso',
      'Floppy fd -> path:write:/lab,1/a.img',
      'Disk root -> path:write:/lab,1/a.qcow2',
      'Serial port -> path:write:/lab,1/logs/a.log',
      'Share src -> path:write:/lab,1/src',
      'Network card net0 -> port:tcp:127.0.0.1:2222',
      'Control -> socket:unix:/lab,1/run/db.qmp.sock',
      'the machine -> binary:qemu-system-x86_64',
      'Memory -> memory:4096M',
    ],
  });
  t.end();
});

t.test('version 1 has its disks in one element', async (t) => {
  const lab = await newLab(t);
  const { boxes, things } = await drawn(lab, {
    schema_version: 1,
    vm: { name: 'small' },
    hardware: { arch: 'x86_64', cores: 1, memory_mb: 512 },
    storage: { disks: [{ name: 'root', path: 'a.raw', format: 'raw' }] },
    network: { interfaces: [] },
  });
  t.match(
    boxes.find(({ title }) => title.startsWith('Disk')),
    { lines: ['raw /lab,1/a.raw'] },
  );
  const disk = things.find(({ name }) => name === 'path:/lab,1/a.raw');
  t.match(boxes[disk?.box ?? -1], { group: 'disks' });
  t.match(disk?.questions, [/format raw/]);
});

t.test('lines and parts point at each other', (t) => {
  const part = { first: 0, count: 1, group: 'cpu', why: null };
  const result = {
    parts: [
      { ...part, pointers: ['/hardware/cores', '/hardware/arch'] },
      { ...part, pointers: ['/vm/name'] },
      { ...part, pointers: [] },
    ],
    positions: {
      '/hardware/cores': { line: 5, column: 1 },
      '/hardware/arch': { line: 4, column: 1 },
      '/vm/name': { line: 2, column: 8 },
    },
  };
  t.strictSame(
    result.parts.map((one) => linesOfPart(one, result)),
    [[4, 5], [2], []],
  );
  t.strictSame(
    [4, 2, 1].map((line) => partsOfLine(line, result)),
    [[0], [1], []],
  );
  t.strictSame(linesOfPart(result.parts[0] as never, {}), [], 'without positions there are none');
  t.end();
});
