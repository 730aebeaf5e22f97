/** The plan that prepares: what it makes, in which order, what it leaves, and what it refuses. */
import canonicalize from 'canonicalize';
import t from 'tap';
import { type PrepareMetadata, prepare } from '../../src/doctor/prepare.ts';
import type { CommandPlan } from '../../src/planning/command_plan.ts';
import { type Change, changed } from '../help/documents.ts';
import {
  directoryAt,
  FIRMWARE,
  type HostFacts,
  LINUX,
  MISSING,
  probed,
  UNWRITABLE,
  WINDOWS,
} from '../help/hosts.ts';
import { headerOf } from '../help/images.ts';
import { at, machineWith, type ProbedMachine, QUIET, type Seen } from '../help/machines.ts';
import { draftOf, outcomeOf } from '../help/plans.ts';
import { linesOf } from '../help/reports.ts';
import { issueLine } from '../help/rows.ts';

const V2: Change = { schema_version: 2, 'serial.mode': 'none' };
const ROOT = '/srv/lab';
/** In a directory that has to be made too. */
const nothing = (directory: string, state = MISSING): Seen => ({
  ...at('missing'),
  directory: directoryAt(`${ROOT}/${directory}`, state),
});
const DISK = { [`${ROOT}/images/root.qcow2`]: { kind: 'file', header: headerOf('qcow2') } } as const;

interface Case {
  readonly change: Change;
  readonly paths?: Readonly<Record<string, Seen>>;
  readonly facts?: HostFacts;
  readonly machine?: Partial<ProbedMachine>;
}

function prepared({ change, paths = {}, facts = LINUX, machine = {} }: Case) {
  const document = changed({ ...V2, ...change });
  const host = probed(facts, { paths: { ...DISK, ...paths } });
  const seen = { draft: draftOf(document), host, network: QUIET, outcome: outcomeOf(document, host) };
  return prepare(machineWith({ facts, ...machine }), seen);
}

function planOf(given: Case): CommandPlan<PrepareMetadata> {
  const result = prepared(given);
  if ('refused' in result) throw new Error(JSON.stringify(result.refused.errors));
  t.equal(result.text, canonicalize(result.plan), 'the text is canonical JSON');
  const ids = result.plan.commands.map(({ step_id }) => step_id);
  t.equal(new Set(ids).size, ids.length, `step ids are unique: ${ids}`);
  return result.plan;
}

t.test('everything at once, in an order that works', (t) => {
  const change = {
    firmware: { type: 'uefi' },
    'storage.disks': [
      { name: 'root', path: 'images/root.qcow2', format: 'qcow2', size_gb: 20 },
      {
        name: 'data',
        path: 'images/data.qcow2',
        format: 'qcow2',
        base: { path: 'base.raw', format: 'raw' },
      },
    ],
    'storage.seed': {
      path: 'seed.iso',
      user_data: 'user-data',
      meta_data: 'meta-data',
      network_config: 'net',
    },
    'network.interfaces': [{ name: 'tap0', type: 'tap' }],
    shares: [{ name: 'src', path: 'src' }],
    tpm: { enabled: true, state_dir: 'run/tpm', socket: 'run/tpm/tpm.sock' },
  };
  const paths = {
    [`${ROOT}/images/root.qcow2`]: nothing('images'),
    [`${ROOT}/images/data.qcow2`]: nothing('images'),
    [`${ROOT}/images/lab.vars.fd`]: nothing('images'),
    [`${ROOT}/base.raw`]: { kind: 'file', header: headerOf('unknown') },
    [`${ROOT}/seed.iso`]: at('missing'),
    [`${ROOT}/src`]: at('missing'),
    [`${ROOT}/run/tpm`]: nothing('run'),
    [`${ROOT}/run/tpm/tpm.sock`]: nothing('run/tpm'),
  } as const;
  const facts = { ...LINUX, firmware: FIRMWARE };
  const plan = planOf({ change, paths, facts });
  t.strictSame(linesOf(plan), [
    'mkdir -p -m 0700 -- /srv/lab/run/tpm',
    'mkdir -p -- /srv/lab/src',
    'mkdir -p -- /srv/lab/images',
    '! ip tuntap add dev tap0 mode tap user dev',
    '! ip link set dev tap0 up',
    "test '!' -e /srv/lab/images/lab.vars.fd",
    'cp -- /usr/share/OVMF/OVMF_VARS_4M.fd /srv/lab/images/lab.vars.fd',
    'chmod u+w /srv/lab/images/lab.vars.fd',
    "test '!' -e /srv/lab/images/root.qcow2",
    'qemu-img create -f qcow2 -- /srv/lab/images/root.qcow2 20G',
    "test '!' -e /srv/lab/images/data.qcow2",
    'qemu-img create -f qcow2 -b /srv/lab/base.raw -F raw -- /srv/lab/images/data.qcow2',
    "test '!' -e /srv/lab/seed.iso",
    'cloud-localds --network-config /srv/lab/net /srv/lab/seed.iso /srv/lab/user-data /srv/lab/meta-data',
  ]);
  t.strictSame(
    plan.commands.map(({ step_id }) => step_id),
    [
      ...['make-directory', 'make-directory-2', 'make-directory-3'],
      ...['create-tap-tap0', 'switch-on-tap-tap0', 'check-no-vars', 'create-vars', 'make-vars-writable'],
      ...['check-no-disk-root', 'create-disk-root', 'check-no-disk-data', 'create-disk-data'],
      ...['check-no-seed', 'create-seed'],
    ],
  );
  t.strictSame(plan.affected_resources, [
    'netdev:tap0',
    ...['base.raw', 'meta-data', 'net', 'user-data'].map((file) => `path:read:${ROOT}/${file}`),
    'path:read:/usr/share/OVMF/OVMF_VARS_4M.fd',
    `path:write:${ROOT}/images`,
    ...['data.qcow2', 'lab.vars.fd', 'root.qcow2'].map((file) => `path:write:${ROOT}/images/${file}`),
    ...['run/tpm', 'seed.iso', 'src'].map((file) => `path:write:${ROOT}/${file}`),
  ]);
  t.match(plan, {
    source: 'doctor',
    status: 'validated',
    risk: 'high',
    requires_privilege: true,
    confirmation_required: true,
    metadata: { profile_name: 'lab', schema_version: 2, unknowns: [], validation_warnings: [] },
  });
  const without = planOf({ change, paths, facts, machine: { imageTool: null, seedTool: null, user: null } });
  t.strictSame(without.metadata.unknowns, [
    { question: 'Is qemu-img installed on the host?', subject: 'binary:qemu-img' },
    { question: 'Is cloud-localds installed on the host?', subject: 'binary:cloud-localds' },
    { question: 'Is there a tap device of this name, and may QEMU use it?', subject: 'netdev:tap0' },
  ]);
  t.end();
});

t.test('nothing to do', (t) => {
  const plan = planOf({ change: {} });
  t.match(plan, {
    status: 'validated',
    risk: 'low',
    requires_privilege: false,
    confirmation_required: false,
  });
  t.strictSame([plan.commands, plan.affected_resources], [[], []]);
  t.match(plan.description, /^Nothing has to be made/);
  t.end();
});

t.test('how an image is created', (t) => {
  const of = (disk: object): string[] =>
    linesOf(
      planOf({
        change: { 'storage.disks': [{ name: 'a', path: 'a', size_gb: 1, ...disk }] },
        paths: { [`${ROOT}/a`]: at('missing'), [`${ROOT}/k,ey`]: at('file') },
      }),
    ).slice(1);
  const key = { encryption: { key_file: 'k,ey' } };
  const object = '--object secret,id=key,file=/srv/lab/k,,ey';
  t.strictSame(of({ format: 'raw', preallocation: 'full' }), [
    'qemu-img create -f raw -o preallocation=full -- /srv/lab/a 1G',
  ]);
  t.strictSame(of({ format: 'raw', ...key }), [
    `qemu-img create -f luks ${object} -o key-secret=key -- /srv/lab/a 1G`,
  ]);
  t.strictSame(of({ format: 'qcow2', preallocation: 'metadata', ...key }), [
    `qemu-img create -f qcow2 ${object} -o encrypt.format=luks,encrypt.key-secret=key,preallocation=metadata -- /srv/lab/a 1G`,
  ]);
  t.end();
});

t.test('what a user cannot make is left', (t) => {
  const closed = nothing('images', UNWRITABLE);
  const disk = { 'storage.disks.0.size_gb': 1 };
  const plan = planOf({ change: disk, paths: { [`${ROOT}/images/root.qcow2`]: closed } });
  t.strictSame(plan.commands, []);
  t.equal(plan.status, 'draft');
  t.strictSame(plan.metadata.validation_warnings.map(issueLine), [
    'warning disk-will-need-creation storage.disks[0].path',
  ]);
  const vars = {
    change: { firmware: { type: 'uefi' } },
    facts: { ...LINUX, firmware: FIRMWARE },
    paths: { [`${ROOT}/images/lab.vars.fd`]: closed },
  };
  t.strictSame(planOf(vars).commands, [], 'UEFI variables');
  const seed = {
    change: { 'storage.seed': { path: 'images/seed.iso', user_data: 'user-data' } },
    paths: { [`${ROOT}/images/seed.iso`]: closed },
  };
  t.strictSame(planOf(seed).commands, [], 'a seed');
  t.end();
});

t.test('windows has no such programs', (t) => {
  const facts = {
    ...WINDOWS,
    firmware: FIRMWARE.map((one) => ({ ...one, code: 'C:\\c', vars_template: 'C:\\v' })),
  };
  const missing = (path: string) => ({ [`C:\\lab\\${path}`]: at('missing') });
  const plan = planOf({
    change: {
      'hardware.acceleration': 'tcg',
      firmware: { type: 'uefi' },
      'storage.seed': { path: 'seed.iso', user_data: 'user-data' },
      'storage.disks.0.size_gb': 1,
    },
    facts,
    paths: { ...missing('images\\lab.vars.fd'), ...missing('seed.iso'), ...missing('images\\root.qcow2') },
  });
  t.strictSame(linesOf(plan), ["~ qemu-img create -f qcow2 -- 'C:\\lab\\images\\root.qcow2' 1G"]);
  t.strictSame(plan.metadata.validation_warnings.map(issueLine), [
    'warning vars-will-need-creation firmware.vars',
    'warning seed-will-need-creation storage.seed.path',
  ]);
  t.end();
});

t.test('a file that several ask for is made once, in one way', (t) => {
  const disk = (name: string, more: object = {}) => ({
    ...{ name, path: 'empty', format: 'raw', readonly: true, size_gb: 1 },
    ...more,
  });
  const two = (more: object = {}): Case => ({
    change: { 'storage.disks': [disk('a'), disk('b', more)] },
    paths: { [`${ROOT}/empty`]: at('missing') },
  });
  t.strictSame(linesOf(planOf(two())), [
    "test '!' -e /srv/lab/empty",
    'qemu-img create -f raw -- /srv/lab/empty 1G',
  ]);
  const errorsOf = (given: Case): string[] => {
    const result = prepared(given);
    return 'refused' in result ? result.refused.errors.map(issueLine) : [];
  };
  const conflict = ['error path-conflict storage.disks[1].path'];
  t.strictSame(errorsOf(two({ size_gb: 2 })), conflict, 'of another size');
  t.strictSame(errorsOf(two({ format: 'vdi' })), conflict, 'of another format');
  t.strictSame(errorsOf({ ...two({ size_gb: 2 }), paths: {} }), [], 'it is there');
  const seed: Case = {
    change: {
      'storage.disks': [disk('a')],
      'storage.seed': { path: 'empty', user_data: 'user-data' },
    },
    paths: { [`${ROOT}/empty`]: at('missing') },
  };
  t.strictSame(errorsOf(seed), ['error path-conflict storage.seed.path'], 'of something else');
  const unsized = (name: string) => ({ name, path: 'empty', format: 'raw', readonly: true });
  const overlay = { base: { path: 'base', format: 'raw' }, format: 'qcow2' };
  const layers: Case = {
    change: { 'storage.disks': [disk('a', overlay), disk('b', overlay)] },
    paths: {
      [`${ROOT}/empty`]: at('missing'),
      [`${ROOT}/base`]: { kind: 'file', header: headerOf('unknown') },
    },
  };
  t.strictSame(errorsOf(layers), [], 'of one base');
  const readers: Case = {
    change: {
      'storage.disks': [disk('a'), unsized('b')],
      'storage.cdroms': [{ name: 'c', path: 'empty' }],
      firmware: { type: 'uefi', code: 'empty', vars: 'vars' },
    },
    paths: { [`${ROOT}/empty`]: at('missing') },
  };
  t.notMatch(errorsOf(readers), [/path-conflict/], 'beside what is only read');
  const first: Case = {
    change: { schema_version: 1, 'storage.disks': [unsized('a'), disk('b')] },
    paths: { [`${ROOT}/empty`]: at('missing') },
  };
  t.strictSame(errorsOf(first), ['error disk-missing storage.disks[0].path'], 'in version 1');
  const own = { 'storage.seed': { path: 'seed.iso', user_data: 'user-data', meta_data: 'seed.iso' } };
  t.strictSame(
    errorsOf({ change: own }),
    ['error path-conflict storage.seed.meta_data'],
    'of itself, also where it is there',
  );
  t.end();
});

t.test('errors that a step mends do not refuse', (t) => {
  const share = { schema_version: 1, 'storage.disks.1': { name: 's', path: 'src', format: 'host-path' } };
  const paths = { [`${ROOT}/src`]: at('missing') };
  const plan = planOf({ change: share, paths });
  t.strictSame(linesOf(plan), ['mkdir -p -- /srv/lab/src'], 'a shared directory in version 1');
  t.strictSame(plan.affected_resources, ['path:/srv/lab/src']);
  const own = { firmware: { type: 'uefi', code: 'fw/code.fd', vars: 'fw/vars.fd' } };
  const vars = planOf({ change: own, paths: { [`${ROOT}/fw/vars.fd`]: at('missing') } });
  t.strictSame(vars.commands, [], 'variables of a firmware that nobody knows');
  t.match(vars.metadata.unknowns, [
    { question: /copy of the variables/, subject: 'path:write:/srv/lab/fw/vars.fd' },
  ]);
  t.end();
});

t.test('errors that no step mends do', (t) => {
  const errorsOf = (given: Case): string[] => {
    const result = prepared(given);
    return 'refused' in result ? result.refused.errors.map(issueLine) : [];
  };
  const path = `${ROOT}/images/root.qcow2`;
  t.strictSame(errorsOf({ change: {}, paths: { [path]: at('missing') } }), [
    'error disk-missing storage.disks[0].path',
  ]);
  t.strictSame(errorsOf({ change: { 'hardware.cores': 0 } }), ['error out-of-range hardware.cores']);
  const shared = { shares: [{ name: 'src', path: 'src' }], 'hardware.cores': 0 };
  t.strictSame(errorsOf({ change: shared, paths: { [`${ROOT}/src`]: nothing('', UNWRITABLE) } }), [
    'error out-of-range hardware.cores',
    'error share-not-a-directory shares[0].path',
  ]);
  const seed = { 'storage.seed': { path: 'seed.iso', user_data: 'user-data' } };
  t.strictSame(
    errorsOf({
      change: seed,
      paths: { [`${ROOT}/seed.iso`]: at('missing'), [`${ROOT}/user-data`]: at('missing') },
    }),
    ['error file-missing storage.seed.user_data'],
  );
  t.end();
});
