/** Rules about the process of QEMU, and about what it tells the guest of the machine. */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import type { Architecture } from '../settings.ts';
import { small, times } from '../small_profile.ts';
import { type Expectation, type RefusedCase, replaced, without } from './refused_case.ts';

type Sections = Parameters<typeof small>[1];

function of(arch: Architecture, sections: Sections): ProfileDocument {
  return { ...small(arch, sections), schema_version: 2 };
}

/** A profile that differs from an accepted one in what stands in its place in argv. */
function differs(
  rule: string,
  name: string,
  [near, bad]: readonly [Sections, Sections],
  [from, to]: readonly [string, string],
  expect: Expectation,
): RefusedCase {
  const edit = (argv: readonly string[]): string[] => replaced(argv, from, to);
  return { rule, name, near: of('x86_64', near), bad: of('x86_64', bad), edit, expect };
}

const LOG = { log_file: 'l/debug', log_items: ['int' as const] };

export function refusedProcesses(): RefusedCase[] {
  return [...process(), ...clock(), ...files(), ...foreign()];
}

function process(): RefusedCase[] {
  const carded = (type: 'user' | 'bridge'): Sections => ({
    process: { sandbox: true },
    network: { interfaces: [{ name: 'n', type, mac: '52:54:00:01:02:03' }] },
  });
  return [
    // QEMU 7.2 is killed without a word, 10.0 says what it may not.
    differs(
      'sandbox-with-helper',
      'a bridge in a sandbox',
      [carded('user'), carded('bridge')],
      ['user,id=n', 'bridge,id=n,br=br0'],
      { refuses: /SIGSYS|not permitted|helper/ },
    ),
    differs(
      'debug-log-percent',
      'a "%" in the name of the log',
      [{ debug: LOG }, { debug: { ...LOG, log_file: 'l/de%bug' } }],
      ['/l/debug', '/l/de%bug'],
      { refuses: /logfile template/ },
    ),
    differs(
      'invalid-uuid',
      'a UUID in braces',
      [
        { vm: { name: 'edge', uuid: '2f1e7a52-6d0c-4b7e-9a53-0c1d2e3f4a5b' } },
        { vm: { name: 'edge', uuid: '{2f1e7a52-6d0c-4b7e-9a53-0c1d2e3f4a5b}' } },
      ],
      ['2f1e7a52-6d0c-4b7e-9a53-0c1d2e3f4a5b', '{2f1e7a52-6d0c-4b7e-9a53-0c1d2e3f4a5b}'],
      { refuses: /UUID/i },
    ),
  ];
}

/** QEMU tells of these machines what the guest sees. */
function tooLate(arch: 'x86_64' | 'ppc64le', clock: 'host' | 'vm', base: string): RefusedCase {
  const near = '2024-02-28T12:00:00';
  return {
    rule: 'invalid-rtc-base',
    name: `a time that the clock of ${arch} cannot show, with clock = "${clock}"`,
    near: of(arch, { rtc: { base: near, clock } }),
    bad: of(arch, { rtc: { base, clock } }),
    edit: (argv) => replaced(argv, near, base),
    expect: {
      harms: async (outcome) => {
        if (!outcome.isRunning) return null;
        const path = { path: '/machine', property: 'rtc-time' };
        const { tm_year } = await outcome.qmp.ask<{ tm_year: number }>('qom-get', path);
        const year = tm_year + 1900;
        return base.startsWith(`${year}`) ? null : `the guest sees the year ${year}`;
      },
    },
  };
}

function clock(): RefusedCase[] {
  const near = '2024-02-28T12:00:00';
  const at = (base: string, name: string, expect: Expectation): RefusedCase =>
    differs('invalid-rtc-base', name, [{ rtc: { base: near } }, { rtc: { base } }], [near, base], expect);
  return [
    at('1969-12-31T23:59:59', 'the last second before 1970', { refuses: /datetime/ }),
    ...(['x86_64', 'ppc64le'] as const).flatMap((arch) => [
      tooLate(arch, 'host', '2110-01-01T00:00:00'),
      tooLate(arch, 'vm', '2263-01-01T00:00:00'),
    ]),
    at('2024-02-28', 'a day and no time', { accepts: 'one way to write a time is enough' }),
    at('2023-02-29T12:00:00', 'a day that is not', { accepts: 'QEMU takes it for the next one' }),
  ];
}

function files(): RefusedCase[] {
  const name = 'opt/near';
  const texts = (...names: string[]): Sections => ({
    fw_cfg: names.map((one) => ({ name: one, text: 'b' })),
  });
  const long = `opt/${'x'.repeat(52)}`;
  const named = (rule: string, about: string, bad: Sections, to: string, expect: Expectation): RefusedCase =>
    differs(rule, about, [texts(name, 'opt/other'), bad], [`name=${name}`, `name=${to}`], expect);
  return [
    named('invalid-name', 'a name of 56 bytes', texts(long), long, { refuses: /name/ }),
    named('duplicate-name', 'two files of one name', texts(name, name), 'opt/other', {
      refuses: /duplicate/,
    }),
    {
      rule: 'empty-value',
      name: 'an empty text for the guest',
      near: of('x86_64', texts(name)),
      bad: of('x86_64', { fw_cfg: [{ name, text: '' }] }),
      edit: (argv) => replaced(argv, ',string=b', ',string='),
      expect: { refuses: /./ },
    },
    {
      rule: 'too-many-elements',
      name: 'more files than there is room for beside those of QEMU',
      near: of('x86_64', texts(name)),
      bad: of('x86_64', texts(...times(24, (index) => `opt/${index}`))),
      edit: (argv) => [
        ...without(argv, '-fw_cfg'),
        ...times(24, (index) => ['-fw_cfg', `name=opt/${index},string=b`]).flat(),
      ],
      expect: { refuses: /Assertion|SIGABRT/ },
    },
  ];
}

/** Keys that are for other architectures. */
function foreign(): RefusedCase[] {
  const on = (arch: Architecture, bad: Sections, added: string[], expect: Expectation): RefusedCase => ({
    rule: 'not-for-arch',
    name: `${added[0]} on ${arch}`,
    near: of(arch, {}),
    bad: of(arch, bad),
    edit: (argv) => [...argv, ...added],
    expect,
  });
  const smbios: Sections = { smbios: { serial: '1' } };
  const fwCfg: Sections = { fw_cfg: [{ name: 'opt/a', text: 'b' }] };
  const refused = { refuses: /./ };
  return [
    on('ppc64le', smbios, ['-smbios', 'type=1,serial=1'], refused),
    on('ppc64le', fwCfg, ['-fw_cfg', 'name=opt/a,string=b'], refused),
    {
      ...on('riscv64', smbios, ['-smbios', 'type=1,serial=1'], refused),
      newer: { accepts: 'QEMU 7.2 refuses it' },
    },
  ];
}
