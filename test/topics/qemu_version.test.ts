/** What a plan says where it is known which QEMU it is for: what that QEMU lacks, and what need not be asked. */
import t, { type Test } from 'tap';
import { checkKnown } from '../../src/needs/checks.ts';
import { unknownsOf } from '../../src/needs/need.ts';
import { newIssues } from '../../src/profile/issue.ts';
import { fieldOf } from '../../src/profile/path.ts';
import type { ProfilePath } from '../../src/topics/profile.ts';
import { deviceNeeds } from '../../src/topics/used_devices.ts';
import { TCG } from '../help/changes.ts';
import { type Change, changed } from '../help/documents.ts';
import { DARWIN, given, type HostFacts, LINUX } from '../help/hosts.ts';
import { issuesOf, outcomeOf, plannedOf } from '../help/plans.ts';
import { checkIssues } from '../help/rows.ts';

const VERSION_2 = { schema_version: 2 };

function on(qemu_version: string, facts: HostFacts = LINUX) {
  return given({ ...facts, qemu_version });
}

/** The rows of a table: a version of QEMU, and the issues that a profile has there. */
function check(
  t: Test,
  change: Change,
  rows: Readonly<Record<string, readonly string[]>>,
  facts = LINUX,
): void {
  for (const [version, issues] of Object.entries(rows))
    checkIssues(t, changed(change), issues, `${JSON.stringify(change)} on ${version}`, on(version, facts));
}

/** The message and the suggestion of the first issue of a code. */
function saying(change: Change, code: string, version: string | null, facts = LINUX): string {
  const host = version === null ? given(facts) : on(version, facts);
  const issue = issuesOf(outcomeOf(changed(change), host)).find((one) => one.code === code);
  return issue === undefined ? '' : `${issue.message} ${issue.suggestion}`;
}

/** The questions about QEMU that a plan asks, with what they are about. */
function asked(change: Change, version: string, facts = LINUX): string[] {
  return plannedOf(changed(change), on(version, facts))
    .unknowns.filter(
      ({ question }) =>
        /this QEMU|module of QEMU|CPU model/i.test(question) &&
        !/installed on|run this CPU model/.test(question),
    )
    .map(({ question, subject }) => `${subject}: ${question}`);
}

const machine = (type: string, more: Change = {}): Change => ({
  ...VERSION_2,
  ...more,
  'machine.type': type,
});

t.test('machines of a version', (t) => {
  const unknown = ['error machine-version-unknown machine.type'];
  const deprecated = ['warning machine-version-deprecated machine.type'];
  check(t, machine('pc-q35-7.2'), {
    '7.2': [],
    '7.2.22': [],
    '8.0': [],
    '10.0': [],
    '11.1': deprecated,
    '7.1': [...unknown, 'warning qemu-too-old vm.qemu_binary'],
  });
  check(t, machine('pc-q35-9.1'), {
    '7.2': unknown,
    '8.2': unknown,
    '9.0': unknown,
    '9.1': [],
    '9.2': [],
    '10.0': [],
  });
  check(t, machine('pc-i440fx-2.3'), { '7.2': [], '9.0': [], '10.0': unknown });
  check(t, machine('pc-q35-4.2'), { '8.2': [], '9.2': [], '10.0': deprecated, '10.2': [], '11.1': unknown });
  check(t, machine('pc-q35-7.3'), { '7.2': unknown, '8.0': unknown, '10.0': unknown, '12.0': [] });
  check(t, machine('pc-q35-99.9'), { '11.1': unknown, '12.0': unknown, '99.9': [] });
  check(t, machine('pc'), { '7.2': [], '12.0': [] });
  const of = (type: string, version: string | null) =>
    saying(machine(type), 'machine-version-unknown', version);
  t.equal(
    of('pc-q35-10.0', '7.2.22'),
    'machine.type is "pc-q35-10.0", a machine that QEMU 7.2.22 does not have. Write "pc-q35-7.2", or use a QEMU that has it, such as 10.0.',
  );
  t.match(of('pc-q35-9.2', '9.1'), 'Write "pc-q35-9.1", or use a QEMU that has it, such as 10.0.');
  t.match(
    of('pc-i440fx-2.3', '10.0'),
    'Write "pc-i440fx-2.4", or use a QEMU that has it, such as 8.2.',
    'the oldest',
  );
  t.match(of('pc-q35-7.3', '8.2'), / Write "pc-q35-7\.2"\.$/, 'a version that there never was');
  t.match(of('pc-q35-99.9', '12.0'), 'Write a machine that it has, or leave the version out.');
  t.equal(
    of('pc-q35-7.3', null),
    'machine.type is "pc-q35-7.3", a machine that no QEMU is known to have; 7.2, 8.2, 10.0, 11.1 were asked. Write a machine that the QEMU of the host has, or leave the version out.',
  );
  t.equal(of('pc-q35-7.2', null), '');
  t.strictSame(asked(machine('pc-q35-7.2'), '9.0'), []);
  t.strictSame(asked(machine('pc-q35-4.2'), '10.2'), [
    'machine:pc-q35-4.2: Does this QEMU have the machine pc-q35-4.2?',
  ]);
  t.strictSame(asked(machine('pc-q35-7.2'), '12.0'), [
    'binary:qemu-system-x86_64: Has this QEMU everything built in that the plan uses?',
    'machine:pc-q35-7.2: Does this QEMU have the machine pc-q35-7.2?',
  ]);
  t.end();
});

t.test('CPU models', (t) => {
  const cpu = (model: string, arch = 'x86_64'): Change => ({ 'hardware.arch': arch, 'hardware.cpu': model });
  const unknown = ['error cpu-unknown-to-qemu hardware.cpu'];
  check(t, cpu('SapphireRapids'), { '7.2': unknown, '8.0': [], '8.2': [], '9.0': [], '12.0': [] });
  check(t, cpu('SapphireRapids,pcid=off'), { '7.2': unknown });
  check(t, cpu('haswell'), { '7.2': unknown, '9.0': unknown, '12.0': [] });
  check(t, cpu('host'), { '7.2': [], '12.0': [] });
  const of = (model: string, version: string, arch?: string, facts = LINUX) =>
    saying({ ...cpu(model, arch), ...(arch && TCG) }, 'cpu-unknown-to-qemu', version, facts);
  t.equal(
    of('haswell', '9.0'),
    'hardware.cpu is "haswell", a CPU model that QEMU 9.0 does not have. Write "Haswell".',
  );
  t.match(of('EPYC-Milan-v2', '7.2'), 'Write "EPYC-Milan-v1", or use a QEMU that has it, such as 8.2.');
  t.match(of('SapphireRapids', '7.2'), ' Use a QEMU that has it, such as 8.2.');
  t.match(of('any', '10.0', 'riscv64'), ' Use a QEMU that has it, such as 8.2.', 'one that has gone');
  t.match(of('x86-64-v2-AES', '10.0'), ' Write a model that it has, such as "max".');
  t.equal(of('POWER9', '7.2', 'ppc64le'), '', 'in any case');
  t.equal(of('0x004e1202', '7.2', 'ppc64le'), '', 'by its number');
  t.strictSame(asked(cpu('Haswell'), '7.2'), []);
  t.strictSame(asked(cpu('SapphireRapids'), '8.0'), [
    'cpu:SapphireRapids: Does this QEMU know the CPU model and its features?',
  ]);
  const size = 'Does this CPU model take so many cores and so much memory?';
  const ofPentium = (cores: number) =>
    asked({ ...cpu('pentium3'), 'hardware.cores': cores, 'hardware.memory_mb': 512 }, '7.2');
  t.strictSame(ofPentium(1), []);
  t.strictSame(ofPentium(2), [`cpu:pentium3: ${size}`], 'one that takes little');
  const large = { ...cpu('EPYC'), 'hardware.memory_mb': 65536 };
  t.strictSame(asked(large, '8.1'), [`cpu:EPYC: ${size}`], 'more than was tried');
  t.strictSame(asked({ ...large, 'hardware.cpu': 'host,pmu=off' }, '8.1'), [
    'cpu:host,pmu=off: Does this QEMU know the features of this CPU model?',
  ]);
  for (const model of ['Haswell,pcid=off', 'host,pmu=off'])
    t.strictSame(asked(cpu(model), '7.2'), [
      `cpu:${model}: Does this QEMU know the features of this CPU model?`,
    ]);
  t.end();
});

t.test('x86 models of which tcg lacks something', (t) => {
  const of = (cpu: string, version: string) =>
    saying({ ...TCG, 'hardware.cpu': cpu }, 'cpu-model-incomplete-on-tcg', version);
  t.equal(
    of('Haswell', '10.0'),
    'hardware.cpu is "Haswell", and under tcg QEMU 10.0 lacks hle, invpcid, pcid, rtm, tsc-deadline of it; the guest gets the model without them. Write "max", which has all that tcg can do, or switch the features off.',
  );
  t.match(of('SapphireRapids', '10.0'), /lacks (?:\S+, ){8}\d+ more of it/);
  t.match(of('Haswell,-pcid,hle=off,rtm=no', '10.0'), ' lacks invpcid, tsc-deadline of it');
  t.equal(of('Haswell,-pcid,-hle,-rtm,-invpcid,tsc_deadline=off', '10.0'), '');
  t.match(of('Haswell', '9.0'), / lacks .* of it/, 'what both neighbours lack');
  t.equal(of('Haswell', '12.0'), '');
  for (const model of ['Westmere', 'max', 'qemu64', 'kvm64']) t.equal(of(model, '8.2'), '', model);
  t.equal(saying({ 'hardware.cpu': 'Haswell' }, 'cpu-model-incomplete-on-tcg', '10.0'), '', 'under kvm');
  const change = { ...TCG, 'hardware.cpu': 'Haswell' };
  check(t, change, { '7.2': ['warning cpu-model-incomplete-on-tcg hardware.cpu'] });
  const enforced = { ...TCG, 'hardware.cpu': 'Haswell,enforce' };
  check(t, enforced, { '7.2': ['error cpu-model-incomplete-on-tcg hardware.cpu'] });
  t.match(of('Haswell,enforce=on', '7.2'), '; with "enforce" it does not start.');
  t.end();
});

t.test('QEMU before and after those that are recorded', (t) => {
  check(t, {}, { '7.2': [], '12.0': [], '7.1': ['warning qemu-too-old vm.qemu_binary'] });
  t.match(
    saying({}, 'qemu-too-old', '6.2.0'),
    'vm.qemu_binary is QEMU 6.2.0, and plans are made for 7.2 and later.',
  );
  const builtIn = ['binary:qemu-system-x86_64: Has this QEMU everything built in that the plan uses?'];
  t.strictSame(asked({}, '6.2'), builtIn);
  t.strictSame(asked({}, '12.0'), builtIn);
  for (const version of ['7.2', '8.1', '10.0', '11.1']) t.strictSame(asked({}, version), [], version);
  t.end();
});

t.test('hvf with more cores than plain virt takes', (t) => {
  const change = { 'hardware.arch': 'aarch64', 'hardware.cores': 9 };
  const firmware = 'warning disk-boot-needs-firmware hardware.arch';
  check(
    t,
    change,
    { '8.0': [firmware], '7.2': ['error cores-need-newer-qemu hardware.cores', firmware] },
    DARWIN,
  );
  t.strictSame(asked(change, '8.0', DARWIN), []);
  check(t, { ...change, 'hardware.cores': 8 }, { '7.2': [firmware] }, DARWIN);
  t.end();
});

t.test('a device that some builds lack', (t) => {
  // Of what profiles can ask for, every recorded build has all; igb came with QEMU 8.0.
  const need = {
    kind: 'qemu-device',
    at: ['network', 'interfaces', 0],
    arch: 'x86_64',
    driver: 'igb',
  } as const;
  const said = (qemu_version: string) => {
    const issues = newIssues<ProfilePath>();
    const host = on(qemu_version);
    checkKnown([need], host.facts, issues);
    return [
      ...issues.all.map(({ code, message }) => `${code} ${message}`),
      ...unknownsOf([need], host, 2).map(({ question }) => question),
    ];
  };
  t.match(said('7.2'), [/^device-unknown-to-qemu network\.interfaces\[0\] makes the device "igb"/]);
  t.strictSame(said('8.0'), ['Does this QEMU have the device igb?'], 'between one without and one with it');
  t.strictSame(said('8.2'), []);
  t.end();
});

t.test('each device is placed where the profile asks for it', (t) => {
  const { parts, profile } = plannedOf(
    changed({
      ...VERSION_2,
      usb: [{ vendor_id: '046d', product_id: 'c52b' }],
      'devices.rng': true,
      'network.interfaces': [{ name: 'net0', type: 'user' }],
    }),
    on('10.0'),
  );
  t.strictSame(
    deviceNeeds(parts, profile).map(({ at, driver }) => `${fieldOf(at)} ${driver}`),
    [
      'storage.disks[0] virtio-blk-pci',
      'network.interfaces[0] virtio-net-pci',
      'devices.rng virtio-rng-pci',
      'usb[0] qemu-xhci',
      'usb[0] usb-host',
    ],
  );
  t.end();
});

t.test('backends, which the recorded builds have of Linux alone', (t) => {
  const mac: Change = {
    ...VERSION_2,
    'hardware.arch': 'aarch64',
    'hardware.cpu': 'host',
    'display.mode': 'cocoa',
    'audio.backend': 'coreaudio',
    'tpm.enabled': true,
    'tpm.state_dir': 'tpm',
    'network.interfaces': [
      { name: 'a', type: 'user' },
      { name: 'b', type: 'isolated' },
      { name: 'c', type: 'vmnet-shared' },
    ],
  };
  const host = { ...DARWIN, arch: 'aarch64' as const };
  const backends = (version: string) =>
    asked(mac, version, host).filter((one) => one.startsWith('qemu-backend'));
  const open = ['audiodev coreaudio', 'display cocoa', 'netdev vmnet-shared'];
  const questions = open.map(
    (one) => `qemu-backend:${one.replace(' ', '-')}: Has this QEMU -${one} built in?`,
  );
  for (const version of ['7.2', '9.0', '10.0.2', '11.1']) t.strictSame(backends(version), questions, version);
  t.strictSame(backends('12.0'), [], 'one question is asked about all');
  const linux: Change = {
    ...VERSION_2,
    'network.interfaces': ['user', 'passt', 'isolated'].map((type) => ({ name: type, type })),
  };
  t.strictSame(
    asked(linux, '10.0').filter((one) => one.startsWith('qemu-backend')),
    [],
    'what they have',
  );
  t.end();
});
