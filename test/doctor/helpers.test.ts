/** Findings about programs beside QEMU, and what they need. */
import t from 'tap';
import type { Change } from '../help/documents.ts';
import { DARWIN, directoryAt, LINUX, MISSING, UNWRITABLE } from '../help/hosts.ts';
import { at, findingOf, reportOn } from '../help/machines.ts';
import { checkProfiles, checkReports, linesOf, remedyOf, seen } from '../help/reports.ts';

const TPM: Change = { schema_version: 2, tpm: { enabled: true, state_dir: 'tpm/lab' } };
const SHARE: Change = {
  schema_version: 2,
  shares: [{ name: 'src', path: 'src', type: 'virtiofs' }],
};
const SOCKET = 'run/lab.tpm.sock';
const SHARE_SOCKET = 'run/lab.src.virtiofs.sock';
const VIRTIOFSD = { helpers: { '/usr/libexec/virtiofsd': '/usr/libexec/virtiofsd' } };
const FOUND = 'info qemu helper-found:swtpm';
const STATE = 'info storage tpm-state-found';
const READY = 'info sockets tpm-socket-ready';

t.test('the TPM', (t) => {
  const state = (what: object) => ({ files: { 'tpm/lab': what } });
  checkProfiles(t, [
    ['in order', TPM, {}, FOUND, STATE, READY],
    ['without swtpm', TPM, { helpers: {} }, 'error qemu helper-missing:swtpm +', STATE, READY],
    ['without a directory', TPM, state(at('missing')), FOUND, READY, 'warning storage tpm-state-missing +'],
    ['a file', TPM, state(at('file')), FOUND, READY, 'error storage tpm-state-not-a-directory'],
    ['unseen', TPM, state(at('unreadable')), FOUND, READY, 'warning storage tpm-state-unreadable'],
    [
      'unwritable',
      TPM,
      state({ kind: 'directory', isWritable: false }),
      FOUND,
      READY,
      'warning storage tpm-state-unwritable',
    ],
    [
      'on a mount that nobody can write to',
      TPM,
      state({ kind: 'directory', isWritable: false, isOnReadOnlyMount: true }),
      FOUND,
      READY,
      'warning storage tpm-state-unwritable',
    ],
    [
      'a socket is left',
      TPM,
      { files: { [SOCKET]: { kind: 'other', isSocket: true } } },
      FOUND,
      STATE,
      'warning sockets stale-socket:tpm +',
    ],
  ]);
});

t.test('a directory that only its owner may look into', (t) => {
  const missing = (parent: object) => ({
    files: { 'tpm/lab': { ...at('missing'), directory: directoryAt('/srv/lab/tpm', parent) } },
  });
  const report = seen(reportOn(TPM, missing(MISSING)));
  t.strictSame(linesOf(remedyOf(report, 'tpm-state-missing')), ['mkdir -p -m 0700 -- /srv/lab/tpm/lab']);
  const unwritable = seen(reportOn(TPM, missing(UNWRITABLE)));
  t.equal(findingOf(unwritable, 'tpm-state-missing').remediation, null);
  t.end();
});

t.test('how a program is installed', (t) => {
  const without = (change: Change, machine: object, facts = LINUX) =>
    seen(reportOn(change, { facts, machine, helpers: {} }));
  t.strictSame(linesOf(remedyOf(without(TPM, {}), 'helper-missing:swtpm')), [
    '! apt-get update',
    '! apt-get install -y swtpm',
  ]);
  t.strictSame(linesOf(remedyOf(without(SHARE, { distribution: ['fedora'] }), 'helper-missing:virtiofsd')), [
    '! dnf install -y virtiofsd',
  ]);
  t.match(findingOf(without(SHARE, {}), 'helper-missing:virtiofsd').description, /Debian has from 13 on/);
  // By the words of os-release(5): a release that lacks a package gets no plan to install it.
  for (const [distribution, release, has] of [
    [['debian'], '11', []],
    [['debian'], '12', ['swtpm', 'passt']],
    [['debian'], '13', ['swtpm', 'passt', 'virtiofsd']],
    [['debian'], null, ['swtpm', 'passt', 'virtiofsd']],
    [['ubuntu', 'debian'], '22.04', ['swtpm']],
    [['ubuntu', 'debian'], '24.04', ['swtpm', 'passt', 'virtiofsd']],
    [['linuxmint', 'ubuntu', 'debian'], '21', ['swtpm', 'passt', 'virtiofsd']],
    [['alpine'], '3.22', ['swtpm', 'passt', 'virtiofsd']],
    [['arch'], null, ['swtpm', 'passt', 'virtiofsd']],
  ] as const) {
    const all = { ...TPM, ...SHARE, 'network.interfaces': [{ name: 'n', type: 'passt' }] };
    const report = without(all, { distribution, release });
    const installed = ['swtpm', 'passt', 'virtiofsd'].filter(
      (program) => findingOf(report, `helper-missing:${program}`).remediation !== null,
    );
    t.strictSame(installed, has, `${distribution[0]} ${release}`);
  }
  const tcg = { ...TPM, 'hardware.acceleration': 'tcg' };
  t.strictSame(linesOf(remedyOf(without(tcg, {}, DARWIN), 'helper-missing:swtpm')), ['brew install swtpm']);
  const unknown = without(TPM, { distribution: ['slackware'] });
  t.equal(findingOf(unknown, 'helper-missing:swtpm').remediation, null);
  t.end();
});

t.test('a share by virtiofsd', (t) => {
  const usual = ['info qemu helper-found:virtiofsd', 'info storage share-found:src'];
  const ready = 'info sockets virtiofs-socket-ready:src';
  checkProfiles(t, [
    ['in order', SHARE, VIRTIOFSD, ...usual, ready],
    [
      'with a file that is there',
      SHARE,
      { ...VIRTIOFSD, files: { [`${SHARE_SOCKET}.pid`]: at('file') } },
      ...usual,
      ready,
    ],
    [
      'with a file of another user',
      SHARE,
      { ...VIRTIOFSD, files: { [`${SHARE_SOCKET}.pid`]: { ...at('file'), isWritable: false } } },
      ...usual,
      ready,
      'warning sockets virtiofsd-file-blocked',
    ],
    [
      'with a directory in the place of its file',
      SHARE,
      { ...VIRTIOFSD, files: { [`${SHARE_SOCKET}.pid`]: at('directory') } },
      ...usual,
      ready,
      'error sockets virtiofsd-file-blocked',
    ],
    [
      'with a directory in the place of its socket',
      SHARE,
      { ...VIRTIOFSD, files: { [SHARE_SOCKET]: at('directory') } },
      ...usual,
      'error sockets virtiofs-socket-blocked:src',
    ],
  ]);
});

/** Every kind of finding that these tests see besides those of a host in order. */
const KINDS = `
  helper-found helper-missing hvf-assumed passt-socket-ready share-found stale-socket tpm-socket-ready tpm-state-found tpm-state-missing
  tpm-state-not-a-directory tpm-state-unreadable tpm-state-unwritable virtiofs-socket-blocked
  virtiofs-socket-ready virtiofsd-file-blocked`;

t.test('what holds of every report', (t) => {
  checkReports(t, KINDS);
});
