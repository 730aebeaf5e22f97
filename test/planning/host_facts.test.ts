/** Facts of a host that not every request gives: how large it is, which QEMU and which firmware it has. */
import t from 'tap';
import { type HostFirmware, UsedHostFactsSchema } from '../../src/facts/host_facts.ts';
import { readHostFacts } from '../../src/facts/read_host_facts.ts';
import { mistakesAgainst } from '../../src/profile/schema_mistakes.ts';

const FIRMWARE: HostFirmware = {
  vars_template: '/usr/share/OVMF/OVMF_VARS_4M.fd',
  vars_format: 'raw',
  secure_boot: false,
  machines: ['pc-q35-*', 'pc-i440fx-7.2'],
  code_format: 'qcow2',
  code: '/usr/share/OVMF/OVMF_CODE_4M.fd',
  arch: 'x86_64',
};
const PLAIN = { os: 'linux', arch: 'x86_64', project_root: '/srv/lab' };

function read(change: object): ReturnType<typeof readHostFacts> {
  return readHostFacts({ ...PLAIN, ...change });
}

t.test('facts that are given are kept as they are, in the order of canonical JSON', (t) => {
  const { machines: _, ...everywhere } = FIRMWARE;
  const given = {
    virtiofsd: '/opt/virtiofsd',
    qemu_version: '10.0.2',
    name: 'rack-1.example_2',
    memory_mb: 262144,
    firmware: [FIRMWARE, everywhere],
    cpus: 64,
  };
  const result = read(given);
  if ('mistakes' in result) throw new Error(JSON.stringify(result.mistakes));
  const { facts } = result;
  t.strictSame(facts, { ...PLAIN, accelerators: [], ...given });
  t.equal(
    Object.keys(facts).join(),
    'accelerators,arch,cpus,firmware,memory_mb,name,os,project_root,qemu_version,virtiofsd',
  );
  t.equal(
    Object.keys(facts.firmware?.[0] ?? {}).join(),
    'arch,code,code_format,machines,secure_boot,vars_format,vars_template',
  );
  const mistakes = mistakesAgainst(UsedHostFactsSchema, { title: 'facts', at: [] });
  t.strictSame(mistakes(facts), [], 'as answers show them');
  t.match(read({}), { facts: { ...PLAIN, accelerators: [] } });
  t.strictSame(Object.keys((read({}) as { facts: object }).facts), [
    'accelerators',
    'arch',
    'os',
    'project_root',
  ]);
  t.end();
});

t.test('facts that no host has', (t) => {
  const cases: readonly (readonly [object, RegExp])[] = [
    [{ cpus: 0 }, /host\.cpus/],
    [{ cpus: 1.5 }, /host\.cpus/],
    [{ memory_mb: '1' }, /host\.memory_mb/],
    [{ name: 'a b' }, /host\.name/],
    [{ name: '' }, /host\.name/],
    [{ qemu_version: '7' }, /host\.qemu_version/],
    [{ qemu_version: '7.2.' }, /host\.qemu_version/],
    [{ firmware: {} }, /host\.firmware/],
    [{ firmware: [{ ...FIRMWARE, arch: 'arm' }] }, /host\.firmware\[0\]\.arch must be one of/],
    [
      { firmware: [FIRMWARE, { ...FIRMWARE, code: 'a.fd' }] },
      /^host\.firmware\[1\]\.code must be an absolute path/,
    ],
    [
      { firmware: [{ ...FIRMWARE, vars_template: '/dev/vars' }] },
      /^host\.firmware\[0\]\.vars_template leads to \/dev/,
    ],
    [{ firmware: [{ ...FIRMWARE, machines: ['pc q35'] }] }, /host\.firmware\[0\]\.machines\[0\]/],
    [{ firmware: [{ ...FIRMWARE, code_format: 'vdi' }] }, /host\.firmware\[0\]\.code_format/],
    [{ firmware: [{ ...FIRMWARE, description: 'x' }] }, /host\.firmware\[0\]/],
    [{ virtiofsd: 'virtiofsd' }, /^host\.virtiofsd must be an absolute path/],
    [
      { virtiofsd: '/usr/libexec/virtiofsd-2' },
      /^host\.virtiofsd must be the path of a program that is called virtiofsd/,
    ],
    [{ virtiofsd: '/usr/lib/$x/virtiofsd' }, /^host\.virtiofsd holds "\$"/],
  ];
  for (const [change, problem] of cases)
    t.match(read(change), { mistakes: [{ message: problem }] }, JSON.stringify(change));
  t.end();
});
