/** What the page draws of a machine, from answers of the service itself. */
import t from 'tap';
import type { ArgvResult, Plan } from '../../src/page/api.ts';
import { linesOfPart, linesText, partsOfLine } from '../../src/page/links.ts';
import { type Machine, machineOf } from '../../src/page/machine.ts';
import { type Lab, newLab } from '../help/app.ts';

const HOST = { os: 'linux', arch: 'x86_64', accelerators: ['kvm'] };

async function drawn(lab: Lab, profile: object, project_root = '/lab,1'): Promise<Machine> {
  const request = { profile, host: { ...HOST, project_root } };
  const answer = await lab.post('/argv', request);
  if (answer.statusCode !== 200) throw new Error(answer.body);
  const result = answer.json() as unknown as ArgvResult;
  const plan = (await lab.post('/plans/start', request)).json() as unknown as Plan;
  return machineOf({ ...result, resources: plan.affected_resources });
}

function outline({ boxes, things }: Machine): { readonly boxes: string[]; readonly things: string[] } {
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
      'Share src: /lab,1/src | virtio-9p-pci',
      'Network card net0: user network | tcp 127.0.0.1:2222 → guest:22 | virtio-net-pci',
      'Network card tap0: tap device tap0 | virtio-net-pci 52:54:00:7a:d0:a3',
      'Control: unix:/lab,1/run/db.qmp.sock',
      'Serial port: file:/lab,1/logs/a.log',
    ],
    things: [
      'CPU -> device:/dev/kvm',
      'Network card tap0 -> device:/dev/net/tun',
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

t.test('devices have the names that people know', async (t) => {
  const lab = await newLab(t);
  const disk = { name: 'root', path: 'a.qcow2', format: 'qcow2' };
  const machine = await drawn(
    lab,
    {
      schema_version: 2,
      vm: { name: 'desk' },
      hardware: { arch: 'x86_64', cores: 1, memory_mb: 2048 },
      storage: { disks: [disk] },
      network: {
        interfaces: [
          { name: 'lan', type: 'socket', socket_path: 'lan.sock', socket_role: 'connect' },
          { name: 'out', type: 'passt', hostfwd: ['tcp::8080-:80'] },
          { name: 'own', type: 'isolated' },
        ],
      },
      shares: [{ name: 'docs', path: 'docs', type: 'virtiofs' }],
      display: { mode: 'spice', port: 5930, agent: true, usb_redirection: 1 },
      gpu: { model: 'virtio-vga', width: 1920, height: 1080 },
      audio: { backend: 'spice' },
      tpm: { enabled: true, state_dir: 'tpm' },
      guest_agent: { enabled: true },
      channels: [{ name: 'org.example.0', socket: 'chan.sock' }],
      consoles: [{ name: 'log', mode: 'file', logfile: 'log.txt' }],
      devices: { rng: true, balloon: true, panic: true, watchdog: 'reset', vsock_cid: 7 },
      usb: [{ vendor_id: '046d', product_id: 'c52b' }],
      rtc: { base: 'localtime' },
      smbios: { serial: '1' },
      serial: { enabled: true, mode: 'tcp', port: 4000 },
    },
    '/lab',
  );
  t.strictSame(outline(machine), {
    boxes: [
      'CPU: host | 1 virtual CPU',
      'Memory: 2048M | memory-backend-memfd 2048M',
      'Disk root: qcow2 /lab/a.qcow2 | virtio-blk-pci boots as 1',
      'Share docs: socket /lab/run/desk.docs.virtiofs.sock | vhost-user-fs-pci',
      'Network card lan: socket | connects to /lab/lan.sock | virtio-net-pci 52:54:00:99:a3:bf',
      'Network card out: socket | connects to /lab/run/desk.out.passt.sock | virtio-net-pci 52:54:00:2d:cd:b0',
      'Network card own: network of its own | virtio-net-pci 52:54:00:60:b0:54',
      'Random numbers: rng-builtin | virtio-rng-pci',
      'Memory balloon: virtio-balloon-pci',
      'Vsock: vhost-vsock-pci',
      'Controller of channels: virtio-serial-pci',
      'Console log: file /lab/log.txt | virtconsole',
      'Channel org.example.0: socket /lab/chan.sock | virtserialport',
      'Guest agent: socket /lab/run/desk.qga.sock | virtserialport',
      'SPICE agent: virtserialport',
      'Panic notifier: pvpanic',
      'Watchdog: i6300esb',
      'USB controller: qemu-xhci',
      'Tablet: usb-tablet',
      'USB redirection 0: usb-redir',
      'USB device 0: usb-host',
      'Graphics: virtio-vga 1920 × 1080',
      'Sound: played by spice | intel-hda | hda-output',
      'TPM: socket /lab/run/desk.tpm.sock | tpm-crb',
      'Display: SPICE 5930 127.0.0.1 | without a password',
      'Serial port: socket 127.0.0.1:4000',
      'Identity: type=1,serial=1',
      'Clock: base=localtime',
      'When it ends: watchdog=reset',
    ],
    things: [
      'CPU -> device:/dev/kvm',
      'Vsock -> device:/dev/vhost-vsock',
      'Network card lan -> mac:52:54:00:99:a3:bf',
      'Disk root -> path:write:/lab/a.qcow2',
      'the machine -> path:write:/lab/docs',
      'Console log -> path:write:/lab/log.txt',
      'the machine -> path:write:/lab/run/desk.docs.virtiofs.sock.pid',
      'TPM -> path:write:/lab/tpm',
      'the machine -> port:tcp:0.0.0.0:8080',
      'Serial port -> port:tcp:127.0.0.1:4000',
      'Display -> port:tcp:127.0.0.1:5930',
      'Network card out -> process:passt',
      'TPM -> process:swtpm',
      'Share docs -> process:virtiofsd',
      'Channel org.example.0 -> socket:unix:/lab/chan.sock',
      'Network card lan -> socket:unix:/lab/lan.sock',
      'Share docs -> socket:unix:/lab/run/desk.docs.virtiofs.sock',
      'Network card out -> socket:unix:/lab/run/desk.out.passt.sock',
      'Guest agent -> socket:unix:/lab/run/desk.qga.sock',
      'TPM -> socket:unix:/lab/run/desk.tpm.sock',
      'USB device 0 -> usb:046d:c52b',
      'Vsock -> vsock:7',
      'the machine -> binary:qemu-system-x86_64',
      'Memory -> memory:2048M',
      'Sound -> qemu-module:audio-spice',
      'Graphics -> qemu-module:hw-display-virtio-vga',
      'USB device 0 -> qemu-module:hw-usb-host',
      'USB redirection 0 -> qemu-module:hw-usb-redirect',
      'Display -> qemu-module:ui-spice-core',
    ],
  });
  t.end();
});

t.test('what else a machine can have', async (t) => {
  const lab = await newLab(t);
  const small = (more: object) => ({
    schema_version: 2,
    vm: { name: 'a' },
    hardware: { arch: 'x86_64', cores: 1, memory_mb: 2048 },
    storage: { floppies: [{ name: 'fd', path: 'a.img' }] },
    ...more,
  });
  const other = await drawn(
    lab,
    small({
      display: { mode: 'vnc', port: 5901, password_file: 'word' },
      machine: { type: 'pc' },
      boot: { order: ['fd'] },
      network: {
        interfaces: [
          { name: 'b', type: 'bridge' },
          { name: 't', type: 'tap', vhost: true },
          { name: 's', type: 'socket', socket_path: 's.sock', socket_role: 'listen' },
          { name: 'u', type: 'user', hostfwd: ['udp::53-10.0.2.15:53'] },
        ],
      },
      passthrough: [{ name: 'nic', address: '0000:01:00.0' }],
    }),
  );
  const { boxes, things } = outline(other);
  const has = (found: readonly string[], wanted: readonly string[]) =>
    t.strictSame(
      wanted.filter((one) => !found.includes(one)),
      [],
    );
  has(boxes, [
    'Firmware: isa-fdc.bootindexA=1',
    'Network card b: bridge br0 | virtio-net-pci 52:54:00:c1:4c:dd',
    'Network card s: socket | listens on /lab,1/s.sock | virtio-net-pci 52:54:00:aa:86:50',
    'Network card u: user network | udp *:53 → 10.0.2.15:53 | virtio-net-pci',
    'Display: VNC 127.0.0.1:1 | with a password',
    'PCI device nic: pcie-root-port | vfio-pci',
  ]);
  has(things, [
    'Network card b -> process:qemu-bridge-helper',
    'Network card t -> device:/dev/vhost-net',
    'PCI device nic -> device:/dev/vfio/vfio',
  ]);
  const socket = outline(await drawn(lab, small({ display: { mode: 'vnc', socket: 'vnc.sock' } })));
  has(socket.boxes, ['Display: VNC unix:/lab,1/vnc.sock | without a password']);
  const spice = outline(
    await drawn(lab, small({ display: { mode: 'spice', socket: 'spice.sock', password_file: 'word' } })),
  );
  has(spice.boxes, ['Display: SPICE /lab,1/spice.sock | with a password']);
});

t.test('a device that nobody knows yet, and a network', (t) => {
  const argv = [
    '-device',
    '{"driver":"new-thing","id":"n"}',
    '-netdev',
    'newnet,id=m',
    '-global',
    'driver=x,property=secure,value=on',
  ];
  const part = (first: number, group: string) => ({ first, count: 2, group, pointers: [], why: null });
  const parts = [part(0, 'devices'), part(2, 'network'), part(4, 'firmware')];
  t.strictSame(outline(machineOf({ argv, parts, resources: [], unknowns: [] })).boxes, [
    'Device n: new-thing',
    'Network card m: newnet',
    'Firmware: x secure=on',
  ]);
  t.end();
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

t.test('lines as people write them', (t) => {
  t.equal(linesText([8]), 'line 8');
  t.strictSame(
    linesOfPart({ first: 0, count: 1, group: 'cpu', why: null, pointers: ['/a'] }, { positions: null }),
    [],
  );
  t.equal(linesText([8, 9]), 'lines 8–9');
  t.equal(linesText([2, 4, 5, 6, 9]), 'lines 2, 4–6, 9');
  t.end();
});
