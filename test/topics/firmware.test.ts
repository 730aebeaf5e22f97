/** What a machine starts with, in version 2: firmware of the host, of the profile, or none. */
import t from 'tap';
import type { ProbedFlash } from '../../src/facts/host.ts';
import type { HostFirmware } from '../../src/facts/host_facts.ts';
import { argvOf, valuesOf } from '../help/argv.ts';
import { TCG } from '../help/changes.ts';
import { ABSENT, type Change, changed } from '../help/documents.ts';
import {
  DARWIN_INTEL,
  given,
  type Host,
  type HostFacts,
  LINUX,
  LINUX_ARM,
  type ProbedPath,
  probed,
  WINDOWS,
} from '../help/hosts.ts';
import { headerOf } from '../help/images.ts';
import { plannedOf, planOf } from '../help/plans.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

const OVMF = '/usr/share/OVMF/OVMF';
const PLAIN: HostFirmware = {
  arch: 'x86_64',
  code: `${OVMF}_CODE_4M.fd`,
  code_format: 'raw',
  machines: ['pc-i440fx-*', 'pc-q35-*'],
  secure_boot: false,
  vars_format: 'raw',
  vars_template: `${OVMF}_VARS_4M.fd`,
};
const SECURE: HostFirmware = {
  ...PLAIN,
  code: `${OVMF}_CODE_4M.ms.fd`,
  machines: ['pc-q35-*'],
  secure_boot: true,
};
const AAVMF: HostFirmware = {
  ...PLAIN,
  arch: 'aarch64',
  code: '/usr/share/AAVMF/AAVMF_CODE.fd',
  machines: ['virt-*'],
};
const HAS_FIRMWARE: HostFacts = { ...LINUX, firmware: [AAVMF, PLAIN, SECURE] };

const V2 = { schema_version: 2 };
const UEFI = { ...V2, 'firmware.type': 'uefi' };
const OWN = { ...UEFI, 'firmware.code': 'fw/code.fd' };
const ARM = { 'hardware.arch': 'aarch64', ...TCG };
const RISCV = { 'hardware.arch': 'riscv64', ...TCG };
const UNKNOWN = 'error firmware-unknown firmware.code';
const NO_FIRMWARE = 'warning disk-boot-needs-firmware hardware.arch';

t.test('the first firmware of the host that fits is taken', (t) => {
  const code = (change: Change, firmware: HostFacts['firmware']): string | undefined => {
    const document = changed({ ...UEFI, ...change });
    const facts: HostFacts = firmware === undefined ? LINUX : { ...LINUX, firmware };
    const outcome = valuesOf(plannedOf(document, given(facts)).argv, '-drive')[0];
    return /^file=(.*),format=raw,if=pflash,unit=0,readonly=on,id=firmware.code$/.exec(outcome ?? '')?.[1];
  };
  const all = [SECURE, AAVMF, PLAIN];
  const second = { ...PLAIN, code: '/opt/second.fd' };
  const { machines: _, ...everywhere } = PLAIN;
  const { machines: __, ...secureEverywhere } = SECURE;
  const named = (...machines: string[]) => [{ ...PLAIN, machines, code: '/opt/named.fd' }, second];
  const pinned = { 'machine.type': 'pc-q35-7.2' };
  t.equal(code({}, all), PLAIN.code);
  t.equal(code({}, [second, PLAIN]), second.code, 'in the order of the list');
  t.equal(code({ 'machine.type': 'pc' }, all), PLAIN.code);
  t.equal(code({ 'firmware.secure_boot': true }, all), SECURE.code);
  t.equal(code({ 'firmware.secure_boot': true }, [secureEverywhere]), SECURE.code);
  t.equal(code({ 'machine.type': 'pc' }, [everywhere]), PLAIN.code);
  t.equal(code(ARM, all), AAVMF.code);
  t.equal(code({ ...ARM, 'machine.type': 'virt-7.2' }, all), AAVMF.code);
  t.equal(code(pinned, named('pc-q35-7.2')), '/opt/named.fd');
  t.equal(code({}, named('pc-q35-7.2')), second.code, 'a pattern for one version fits no other');
  t.equal(code({}, named('q35')), '/opt/named.fd');
  t.equal(code(pinned, named('pc-*-7.*')), '/opt/named.fd');
  t.equal(code(pinned, named('pc-*35-*.2')), '/opt/named.fd');
  t.equal(code(pinned, named('pc-*x*-7.2')), second.code);
  t.equal(code(pinned, named('pc-q35-7.2*7.2')), second.code, 'no character stands for two');
  t.equal(code(pinned, named('pc-q35-*.3')), second.code);
  t.end();
});

t.test('which firmware there can be', (t) => {
  const of = (change: Change, ...issues: string[]): Row => [
    JSON.stringify(change),
    { ...V2, ...change },
    ...issues,
  ];
  const at = 'firmware.secure_boot';
  checkRows(
    t,
    [
      of({ 'firmware.type': 'uefi' }),
      of({ 'firmware.type': 'bios' }, 'error not-allowed firmware.type'),
      of({ 'firmware.type': 'none' }, 'error not-for-arch firmware.type'),
      of({ ...RISCV, 'firmware.type': 'none' }, NO_FIRMWARE),
      of({ ...RISCV, 'firmware.type': 'uefi' }, UNKNOWN),
      of({ ...TCG, 'hardware.arch': 'ppc64le', 'firmware.type': 'uefi' }, 'error not-for-arch firmware.type'),
      of({ ...ARM, 'firmware.bios': 'fw/efi.fd' }),
      of({ 'firmware.bios': 'fw/efi.fd' }),
      of({ ...UEFI, 'firmware.bios': 'fw/efi.fd' }, 'error not-for-type firmware.bios'),
      of({ 'firmware.code': 'a.fd' }, 'error not-for-type firmware.code'),
      of(
        { firmware: { code_format: 'raw', vars: 'v.fd', vars_format: 'raw' } },
        'error not-for-type firmware.code_format',
        'error not-for-type firmware.vars',
        'error not-for-type firmware.vars_format',
      ),
      of({ ...UEFI, [at]: true }),
      of({ ...UEFI, ...TCG, [at]: true }),
      of({ [at]: true }, `error not-for-type ${at}`),
      of({ ...UEFI, [at]: true, 'machine.type': 'pc' }, UNKNOWN, `error not-for-machine ${at}`),
      of({ ...RISCV, [at]: true }, `error not-for-arch ${at}`, NO_FIRMWARE),
      of({ ...UEFI, ...ARM, [at]: true }, UNKNOWN, `warning secure-boot-unprotected ${at}`),
      of({ ...UEFI, 'machine.type': 'virt' }, 'error machine-not-for-arch machine.type'),
      of({ ...UEFI, 'hardware.arch': ABSENT }, 'error missing-field hardware.arch'),
      of({ ...UEFI, [at]: true, 'hardware.acceleration': 'x' }, 'error not-allowed hardware.acceleration'),
      of({ ...UEFI, 'firmware.code': 1 }, 'error wrong-type firmware.code'),
      of({ ...OWN, 'firmware.code': '~/a.fd' }, 'error shell-expansion firmware.code'),
    ],
    given(HAS_FIRMWARE),
  );
});

t.test('Secure Boot needs an accelerator with system management mode', (t) => {
  const change = { ...OWN, 'firmware.secure_boot': true, 'serial.mode': 'none' };
  checkRows(t, [['hvf', change, 'error not-for-accelerator firmware.secure_boot']], given(DARWIN_INTEL));
});

t.test('what a host without known firmware can start', (t) => {
  checkRows(t, [
    ['nothing known', UEFI, UNKNOWN],
    ['in version 1', { 'firmware.type': 'uefi' }, 'warning unknown-field firmware'],
    ['of the profile', OWN],
    ['nothing to boot from', { ...V2, storage: {}, 'firmware.bios': 'fw/ipxe.rom' }],
    ['nothing', { ...V2, storage: {} }, 'warning no-boot-source storage.disks'],
  ]);
});

t.test('the QEMU of the host', (t) => {
  const of = (qemu_version: string, ...issues: string[]): void => {
    checkIssues(t, changed({ ...OWN, ...RISCV }), issues, qemu_version, given({ ...LINUX, qemu_version }));
  };
  of('8.0.5', 'error firmware-needs-newer-qemu firmware.type');
  of('7.2', 'error firmware-needs-newer-qemu firmware.type');
  of('8.1');
  of('10.0.2');
  const asked = (change: Change, facts: HostFacts): string[] =>
    plannedOf(changed({ ...OWN, ...change }), given(facts)).unknowns.map(({ question }) => question);
  const isNew = /^Is this QEMU 8.1 or newer/;
  t.ok(asked(RISCV, LINUX).some((question) => isNew.test(question)));
  t.notOk(asked(RISCV, { ...LINUX, qemu_version: '9.0' }).some((question) => isNew.test(question)));
  t.ok(
    asked({ 'machine.type': 'pc-q35-7.2' }, LINUX).includes('Does this QEMU have the machine pc-q35-7.2?'),
  );
  t.ok(
    asked({ 'firmware.secure_boot': true }, LINUX).some((question) => question.includes('management mode')),
  );
  t.end();
});

t.test('variables are not those that every VM gets a copy of', (t) => {
  const vars = (path: string): Change => ({ ...UEFI, 'firmware.vars': path });
  const template = 'error firmware-vars-is-template firmware.vars';
  const outside = 'warning outside-project-root firmware.vars';
  checkRows(
    t,
    [
      ['the template', vars('/srv/lab/templates/../VARS.fd'), template],
      ['of the system', vars('/usr/share/x/VARS.fd'), template, outside],
      ['a copy elsewhere', vars('/var/lib/VARS.fd'), outside],
      ['a copy', vars('images/v.fd')],
    ],
    given({ ...LINUX, firmware: [{ ...PLAIN, vars_template: '/srv/lab/VARS.fd' }] }),
  );
});

t.test('nothing else may name the file of the variables', (t) => {
  const conflict = 'error path-conflict firmware.vars';
  checkRows(t, [
    ['the firmware', { ...OWN, 'firmware.vars': 'fw//code.fd' }, conflict],
    ['a disk', { ...OWN, 'firmware.vars': 'images/root.qcow2' }, conflict],
    [
      'a log',
      { ...OWN, 'firmware.vars': 'logs/lab.log', 'serial.mode': 'file', 'serial.logfile': 'logs/lab.log' },
      'error path-conflict serial.logfile',
    ],
  ]);
});

t.test('formats and places', (t) => {
  const drives = (change: Change, host: Host = given(LINUX)): string[] =>
    valuesOf(argvOf({ ...OWN, ...change }, host), '-drive');
  t.strictSame(drives({}), [
    'file=/srv/lab/fw/code.fd,format=raw,if=pflash,unit=0,readonly=on,id=firmware.code',
    'file=/srv/lab/images/lab.vars.fd,format=raw,if=pflash,unit=1,id=firmware.vars',
  ]);
  const qcow2 = { 'firmware.code_format': 'qcow2', 'firmware.vars_format': 'qcow2' };
  t.match(drives(qcow2), [/format=qcow2,if=pflash,unit=0/, /format=qcow2,if=pflash,unit=1/]);
  t.match(drives({ 'firmware.vars': 'a,b.fd' }), [/code/, /^file=\/srv\/lab\/a,,b.fd,/]);
  const { profile } = plannedOf(
    changed({ ...OWN, 'firmware.code_format': 'raw', 'firmware.vars_format': 'raw' }),
  );
  t.equal(profile.firmware.code_format, undefined, 'the default is as good as none');
  t.equal(profile.firmware.vars_format, undefined);
  const ofHost = plannedOf(changed({ ...UEFI, 'firmware.code_format': 'raw' }), given(HAS_FIRMWARE));
  t.equal(ofHost.profile.firmware.code_format, 'raw', 'what a host has is no default');
  t.end();
});

t.test('firmware lies where systems keep it, without a word and without risk', (t) => {
  const risk = (code: string): string => planOf({ ...OWN, ...TCG, 'firmware.code': code }).risk;
  for (const home of ['/usr/share', '/usr/local/share', '/opt/homebrew/share'])
    t.equal(risk(`${home}/OVMF/CODE.fd`), 'low', home);
  t.equal(risk('/opt/CODE.fd'), 'medium');
  t.equal(planOf({ ...OWN, ...TCG, 'firmware.vars': '/var/lib/v.fd' }).risk, 'medium');
  checkRows(t, [
    ['at home', { ...OWN, 'firmware.code': '/usr/share/OVMF/CODE.fd' }],
    ['elsewhere', { ...OWN, 'firmware.code': '/opt/CODE.fd' }, 'warning outside-project-root firmware.code'],
  ]);
});

t.test('on windows', (t) => {
  const change = { ...OWN, ...TCG, 'firmware.code': 'C:\\qemu\\share\\edk2.fd', 'serial.mode': 'none' };
  checkRows(t, [['elsewhere', change, 'warning outside-project-root firmware.code']], given(WINDOWS));
});

const CODE = '/srv/lab/fw/code.fd';
const VARS = '/srv/lab/images/lab.vars.fd';
const ROOT = '/srv/lab/images/root.qcow2';

function flash(bytes: number, more: Partial<ProbedFlash> = {}): Partial<ProbedPath> {
  return { flash: { format: 'raw', bytes, holds: null, ...more } };
}

const CODE_4M = 3653632;
const VARS_4M = 540672;
const CODE_2M = 1966080;
const VARS_2M = 131072;
const MIB = 1024 ** 2;

t.test('what a look at the files shows', (t) => {
  const of = (
    about: string,
    [code, vars]: readonly [Partial<ProbedPath>, Partial<ProbedPath>],
    issues: readonly string[],
    change: Change = {},
    facts: HostFacts = LINUX,
  ): void => {
    const host = probed(facts, {
      paths: { [CODE]: code, [VARS]: vars, [ROOT]: { header: headerOf('qcow2') } },
    });
    checkIssues(t, changed({ ...OWN, ...change }), issues, about, host);
  };
  const x86 = [flash(CODE_4M), flash(VARS_4M)] as const;
  const missing: Partial<ProbedPath> = { kind: 'missing' };
  const template = { ...LINUX, firmware: [{ ...PLAIN, code: CODE }] };
  const error = (code: string, key: 'code' | 'vars'): string => `error ${code} firmware.${key}`;
  of('a pair', x86, []);
  of('a pair of 2 MiB', [flash(CODE_2M), flash(VARS_2M)], []);
  of('that says what it is', [flash(CODE_4M, { holds: 'code' }), flash(VARS_4M, { holds: 'vars' })], []);
  of('no code', [missing, x86[1]], [error('firmware-missing', 'code')]);
  of('no vars', [x86[0], missing], [error('firmware-missing', 'vars')]);
  of(
    'no vars, a template',
    [x86[0], missing],
    ['warning vars-will-need-creation firmware.vars'],
    {},
    template,
  );
  of(
    'directories',
    [{ kind: 'directory' }, { kind: 'other' }],
    [error('firmware-missing', 'code'), error('firmware-missing', 'vars')],
  );
  of(
    'unreadable',
    [{ kind: 'unreadable' }, { kind: 'file' }],
    ['warning file-unreadable firmware.code', 'warning file-unreadable firmware.vars'],
  );
  of('code unreadable', [{ kind: 'file' }, x86[1]], ['warning file-unreadable firmware.code']);
  of(
    'vars unwritable',
    [x86[0], { ...x86[1], isWritable: false }],
    [error('firmware-vars-readonly', 'vars')],
  );
  of(
    'qcow2',
    [flash(CODE_4M, { format: 'qcow2' }), flash(VARS_4M, { format: 'qcow2' })],
    [error('firmware-format-mismatch', 'code'), error('firmware-format-mismatch', 'vars')],
  );
  of(
    'swapped',
    [flash(VARS_4M, { holds: 'vars' }), flash(CODE_4M, { holds: 'code' })],
    [error('firmware-pair-mismatch', 'code'), error('firmware-pair-mismatch', 'vars')],
  );
  of('2 MiB code', [flash(CODE_2M), x86[1]], [error('firmware-pair-mismatch', 'vars')]);
  of('4 MiB code', [x86[0], flash(VARS_2M)], [error('firmware-pair-mismatch', 'vars')]);
  of('empty', [flash(0), flash(100)], [error('firmware-size', 'code'), error('firmware-size', 'vars')]);
  of('too large', [flash(8 * MIB), flash(8 * MIB)], [error('firmware-size', 'vars')]);
  of('aarch64', [flash(64 * MIB), flash(64 * MIB)], [], ARM);
  of(
    'aarch64, small',
    [flash(2 * MIB), flash(32 * MIB)],
    [error('firmware-size', 'code'), error('firmware-size', 'vars')],
    ARM,
  );
  of('riscv64', [flash(32 * MIB), flash(32 * MIB)], [], RISCV);
  const biosOf = (change: Change, seen: Partial<ProbedPath>, ...issues: string[]): void =>
    checkIssues(
      t,
      changed({ ...V2, ...change, 'firmware.bios': 'fw/code.fd' }),
      issues,
      'bios',
      probed(LINUX, { paths: { [CODE]: seen, [ROOT]: { header: headerOf('qcow2') } } }),
    ) && undefined;
  const bios = (seen: Partial<ProbedPath>, ...issues: string[]): void => biosOf({}, seen, ...issues);
  const size = 'error firmware-size firmware.bios';
  bios(flash(65536));
  bios(flash(128 * MIB));
  bios(flash(0), size);
  bios(flash(65537), size);
  const ppc = { ...TCG, 'hardware.arch': 'ppc64le' };
  biosOf(ARM, flash(64 * MIB));
  biosOf(ARM, flash(64 * MIB + 1), size);
  biosOf(RISCV, flash(1));
  biosOf(RISCV, flash(0), size);
  biosOf(ppc, flash(4 * MIB));
  biosOf(ppc, flash(4 * MIB + 1), size);
  biosOf({ 'hardware.arch': 'x' }, flash(17), 'error not-allowed hardware.arch');
  bios(missing, 'error firmware-missing firmware.bios');
  t.end();
});

t.test('what nobody looked at, and what a plan touches', (t) => {
  const plan = planOf({ ...OWN, ...TCG });
  t.ok(plan.affected_resources.some((resource) => resource.endsWith(VARS)));
  t.ok(plan.affected_resources.some((resource) => resource.endsWith(CODE)));
  const facts: HostFacts = { ...LINUX, firmware: [{ ...PLAIN, code: CODE }] };
  const paths = {
    [CODE]: flash(CODE_4M),
    [VARS]: { kind: 'missing' },
    [ROOT]: { header: headerOf('qcow2') },
  } as const;
  const made = planOf({ ...OWN, ...TCG }, probed(facts, { paths }));
  t.equal(made.status, 'draft');
  t.ok(made.metadata.unknowns.some(({ question }) => question.startsWith('Will a copy of the variables')));
  t.end();
});

t.test('the host of a plan is what it was made from', (t) => {
  const facts: HostFacts = { ...LINUX_ARM, cpus: 8, firmware: [PLAIN, AAVMF], memory_mb: 16384 };
  const shown = (change: Change, host: Host): unknown =>
    planOf({ ...V2, 'hardware.arch': 'aarch64', ...change }, host).metadata.host;
  const { firmware: _, ...known } = facts;
  t.strictSame(shown({}, given(facts)), facts, 'given facts as they were given');
  t.strictSame(shown({}, probed(facts)), known);
  t.strictSame(shown({ 'firmware.type': 'uefi' }, probed(facts)), { ...known, firmware: [AAVMF] });
  t.equal(
    Object.keys(Object(shown({ 'firmware.type': 'uefi' }, probed(facts)))).join(),
    'accelerators,arch,cpus,firmware,memory_mb,os,project_root',
    'in the order of canonical JSON',
  );
  t.strictSame(shown({ 'firmware.type': 'uefi', 'firmware.code': 'a.fd' }, probed(facts)), known);
  t.strictSame(shown({ schema_version: 1 }, probed(facts)), LINUX_ARM, 'version 1 knows none of them');
  t.end();
});
