/** Findings about the firmware of a profile. */
import t from 'tap';
import type { ProbedFlash } from '../../src/facts/host.ts';
import type { HostFacts } from '../../src/facts/host_facts.ts';
import { LINUX } from '../help/hosts.ts';
import { at, findingOf, reportOn, type Seen } from '../help/machines.ts';
import { checkProfiles } from '../help/reports.ts';

const OWN = {
  schema_version: 2,
  'firmware.type': 'uefi',
  'firmware.code': 'fw/code.fd',
  'firmware.vars': 'fw/vars.fd',
};
const KNOWN: HostFacts = {
  ...LINUX,
  firmware: [
    {
      arch: 'x86_64',
      code: '/srv/lab/fw/code.fd',
      code_format: 'raw',
      secure_boot: false,
      vars_format: 'raw',
      vars_template: '/usr/share/OVMF/VARS.fd',
    },
  ],
};

function flash(bytes: number, more: Partial<ProbedFlash> = {}): Seen {
  return { flash: { format: 'raw', bytes, holds: null, ...more } };
}

const CODE = { 'fw/code.fd': flash(3653632) };
const FOUND = 'info storage firmware-code-found';
const VARS = { 'fw/vars.fd': flash(540672) };

t.test('firmware', (t) => {
  checkProfiles(t, [
    ['a pair', OWN, { files: { ...CODE, ...VARS } }, FOUND, 'info storage firmware-vars-found'],
    [
      'variables that another QEMU has',
      OWN,
      {
        files: { ...CODE, 'fw/vars.fd': { ...flash(540672), id: '1:2' } },
        imageLocks: [{ id: '1:2', firstByte: 100, lastByte: 101 }],
      },
      FOUND,
      'info storage firmware-vars-found',
      'warning storage firmware-vars-in-use',
    ],
    [
      'nothing',
      OWN,
      { files: { 'fw/code.fd': at('missing'), 'fw/vars.fd': at('missing') } },
      'error storage firmware-code-missing',
      'error storage firmware-vars-missing',
    ],
    [
      'a template',
      OWN,
      { facts: KNOWN, files: { ...CODE, 'fw/vars.fd': at('missing') } },
      FOUND,
      'warning storage firmware-vars-missing +',
    ],
    [
      'directories',
      OWN,
      { files: { 'fw/code.fd': at('directory'), 'fw/vars.fd': at('other') } },
      'error storage firmware-code-not-a-file',
      'error storage firmware-vars-not-a-file',
    ],
    [
      'what cannot be read',
      OWN,
      { files: { 'fw/code.fd': at('unreadable'), 'fw/vars.fd': { flash: null } } },
      'warning storage firmware-code-unreadable',
      'warning storage firmware-vars-unreadable',
    ],
    [
      'what cannot be written',
      OWN,
      { files: { ...CODE, 'fw/vars.fd': { ...VARS['fw/vars.fd'], isWritable: false } } },
      FOUND,
      'error storage firmware-vars-readonly',
    ],
    [
      'another format',
      OWN,
      { files: { 'fw/code.fd': flash(3653632, { format: 'qcow2' }), ...VARS } },
      'error storage firmware-code-format-mismatch',
      'info storage firmware-vars-found',
    ],
    [
      'the wrong way round',
      OWN,
      {
        files: {
          'fw/code.fd': flash(540672, { holds: 'vars' }),
          'fw/vars.fd': flash(3653632, { holds: 'code' }),
        },
      },
      'error storage firmware-code-swapped',
      'error storage firmware-vars-swapped',
    ],
    [
      'sizes of no flash',
      OWN,
      { files: { 'fw/code.fd': flash(0), 'fw/vars.fd': flash(1) } },
      'error storage firmware-code-size',
      'error storage firmware-vars-size',
    ],
    [
      'too large together',
      OWN,
      { files: { 'fw/code.fd': flash(8388608), ...VARS } },
      FOUND,
      'error storage firmware-vars-size',
    ],
    [
      'not from one image',
      OWN,
      { files: { ...CODE, 'fw/vars.fd': flash(131072) } },
      FOUND,
      'error storage firmware-pair-mismatch',
    ],
    ['not looked at', OWN, { unseen: ['fw/code.fd', 'fw/vars.fd'] }],
    [
      'the firmware was not looked at',
      OWN,
      { unseen: ['fw/code.fd'], files: VARS },
      'info storage firmware-vars-found',
    ],
    [
      'a file in place of the firmware',
      { schema_version: 2, 'firmware.bios': 'fw/code.fd' },
      { files: { 'fw/code.fd': flash(65536) } },
      FOUND,
    ],
    [
      'a file of another size in place of it',
      { schema_version: 2, 'firmware.bios': 'fw/code.fd' },
      { files: CODE },
      'error storage firmware-code-size',
    ],
    [
      'no firmware known',
      { schema_version: 2, 'firmware.type': 'uefi' },
      {},
      'error profile profile-firmware-unknown:firmware.code',
    ],
  ]);
});

t.test('how to make the copy of the variables', (t) => {
  const report = reportOn(OWN, { facts: KNOWN, files: { ...CODE, 'fw/vars.fd': at('missing') } });
  t.match(findingOf(report, 'firmware-vars-missing'), {
    description: /Copy "\/usr\/share\/OVMF\/VARS\.fd" to it/,
    affected_resources: ['path:/srv/lab/fw/vars.fd'],
  });
  t.end();
});
