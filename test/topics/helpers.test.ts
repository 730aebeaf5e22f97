/** What programs beside QEMU serve: the TPM and shares of the type virtiofs. */
import t from 'tap';
import type { Change } from '../help/documents.ts';
import { FREEBSD, given, LINUX, probed, WINDOWS } from '../help/hosts.ts';
import { planOf } from '../help/plans.ts';
import { checkRows } from '../help/rows.ts';

const V2: Change = { schema_version: 2 };
const TCG: Change = { ...V2, 'hardware.acceleration': 'tcg', 'serial.mode': 'none' };
const tpm = (keys: object = {}): Change => ({
  ...V2,
  tpm: { enabled: true, state_dir: 'tpm/lab', ...keys },
});
const virtiofs = (keys: object = {}): Change => ({
  ...V2,
  shares: [{ name: 'src', path: 'src', type: 'virtiofs', ...keys }],
});

t.test('the TPM', (t) => {
  checkRows(t, [
    ['in order', tpm()],
    ['with the socket that is the default', tpm({ socket: 'run/lab.tpm.sock' })],
    ['off, whatever is said of it', tpm({ enabled: false, state_dir: '../x', socket: 'a,b' })],
    ['without a directory', { ...V2, tpm: { enabled: true } }, 'error missing-field tpm.state_dir'],
    ['with a directory that is none', tpm({ state_dir: 7 }), 'error wrong-type tpm.state_dir'],
    [
      'outside the project root',
      tpm({ state_dir: '/var/lib/swtpm' }),
      'error outside-project-root tpm.state_dir',
    ],
    ['with a comma in its directory', tpm({ state_dir: 'a,b' }), 'error swtpm-path-comma tpm.state_dir'],
    ['with a comma in its socket', tpm({ socket: 'a,b' }), 'error swtpm-path-comma tpm.socket'],
    ['in the place of a file', tpm({ state_dir: 'images/root.qcow2' }), 'error path-conflict tpm.state_dir'],
    [
      'with the socket of QMP',
      { ...tpm({ socket: 'run/q' }), qmp: { socket: 'run/q' } },
      'error path-conflict qmp.socket',
    ],
    [
      'that the guest can write to',
      { ...tpm(), shares: [{ name: 'all', path: 'tpm' }] },
      'warning share-holds-own-file shares[0].path',
    ],
    ['with a VM that has no name', { ...tpm(), 'vm.name': 7 }, 'error wrong-type vm.name'],
  ]);
});

t.test('the TPM on other systems', (t) => {
  checkRows(t, [['windows', { ...tpm(), ...TCG }, 'error not-for-os tpm.enabled']], given(WINDOWS));
});

t.test('a comma in the project root', (t) => {
  checkRows(
    t,
    [['everywhere', tpm(), 'error swtpm-path-comma tpm.state_dir', 'error swtpm-path-comma tpm.socket']],
    given({ ...LINUX, project_root: '/srv/a,b' }),
  );
});

t.test('the TPM on a host that was looked at', (t) => {
  const on = (kind: 'directory' | 'file' | 'missing' | 'unreadable', helpers = {}) =>
    probed(LINUX, {
      paths: { '/srv/lab/tpm/lab': { kind } },
      helpers: { swtpm: '/usr/bin/swtpm', ...helpers },
    });
  const rows: [about: string, host: ReturnType<typeof on>, ...issues: string[]][] = [
    ['in order', on('directory')],
    ['missing', on('missing'), 'warning directory-will-need-creation tpm.state_dir'],
    ['a file', on('file'), 'error path-not-a-directory tpm.state_dir'],
    ['unreadable', on('unreadable'), 'warning file-unreadable tpm.state_dir'],
    ['without swtpm', on('directory', { swtpm: null }), 'warning helper-not-found tpm.enabled'],
  ];
  for (const [about, host, ...issues] of rows)
    t.test(about, (t) => checkRows(t, [[about, tpm(), ...issues]], host));
  const question = (host: ReturnType<typeof on>) =>
    planOf(tpm(), host).metadata.unknowns.filter(({ subject }) => /tpm\/lab|swtpm/.test(subject));
  const confined = {
    question: 'Does AppArmor, where it confines swtpm, let it use the directory?',
    subject: 'path:write:/srv/lab/tpm/lab',
  };
  t.strictSame(question(on('directory')), [confined]);
  t.strictSame(question(on('missing', { swtpm: null })), [
    confined,
    { question: 'Will the directory be made before the start?', subject: 'path:write:/srv/lab/tpm/lab' },
    { question: 'Is "swtpm" installed on the host?', subject: 'process:swtpm' },
  ]);
  const [start] = planOf(tpm(), on('directory', { swtpm: '/opt/bin/swtpm' })).commands.slice(1);
  t.equal(start?.argv[0], '/opt/bin/swtpm', 'it is called where it was found');
  t.equal(planOf(tpm()).risk, 'medium');
  t.end();
});

t.test('shares by virtiofsd', (t) => {
  const at = 'shares[0]';
  checkRows(t, [
    ['in order', virtiofs()],
    ['read-only', virtiofs({ readonly: true, cache: 'always', socket: 'run/s.sock' })],
    [
      'with owners of 9p',
      virtiofs({ security_model: 'mapped-xattr' }),
      `error not-for-type ${at}.security_model`,
    ],
    ['with the default of 9p', virtiofs({ security_model: 'none' })],
    [
      'with owners that need root',
      virtiofs({ security_model: 'passthrough' }),
      `error not-for-type ${at}.security_model`,
    ],
    ['9p with a cache', virtiofs({ type: '9p', cache: 'never' }), `error not-for-type ${at}.cache`],
    ['9p with the default of virtiofs', virtiofs({ type: '9p', cache: 'auto' })],
    ['9p with a socket', virtiofs({ type: '9p', socket: 'run/s' }), `error not-for-type ${at}.socket`],
    ['memory that is shared anyway', { ...virtiofs(), 'memory.shared': true }],
    [
      'memory that is not shared',
      { ...virtiofs(), 'memory.shared': false },
      'error memory-not-shared memory.shared',
    ],
    ['memory that nobody shares', { ...virtiofs({ type: '9p' }), 'memory.shared': false }],
    ['without a name', virtiofs({ name: 7 }), `error wrong-type ${at}.name`],
    [
      'with the file of virtiofsd in the place of another',
      { ...virtiofs({ socket: 'run/s' }), 'process.pidfile': 'run/s.pid' },
      `error path-conflict process.pidfile`,
    ],
    [
      'with one socket for two',
      {
        ...V2,
        shares: ['a', 'b'].map((name) => ({ name, path: name, type: 'virtiofs', socket: 'run/s' })),
      },
      'error path-conflict shares[1].socket',
    ],
  ]);
});

t.test('virtiofsd on other systems', (t) => {
  checkRows(t, [['freebsd', { ...virtiofs(), ...TCG }, 'error not-for-os shares[0].type']], given(FREEBSD));
});

t.test('where virtiofsd is', (t) => {
  const stepOf = (host = given(LINUX)) => {
    const { commands, metadata } = planOf(virtiofs(), host);
    const { unknowns } = metadata;
    return [
      commands.find(({ step_id }) => step_id === 'start-virtiofsd-src')?.argv[0],
      ...unknowns.filter(({ subject }) => subject === 'process:virtiofsd').map(({ question }) => question),
    ];
  };
  const usual = '/usr/libexec/virtiofsd';
  t.strictSame(stepOf(), [usual, `Is "${usual}" installed on the host?`], 'nobody knows');
  t.strictSame(stepOf(given({ ...LINUX, virtiofsd: '/opt/virtiofsd' })), ['/opt/virtiofsd'], 'given');
  const seenAt = { ...LINUX, virtiofsd: usual };
  t.strictSame(stepOf(probed(seenAt, { helpers: { [usual]: usual } })), [usual], 'seen');
  t.strictSame(planOf(virtiofs(), given(seenAt)).metadata.host.virtiofsd, usual);
  t.test('nowhere', (t) =>
    checkRows(t, [['it is not there', virtiofs(), 'warning helper-not-found shares[0].type']], probed(LINUX)),
  );
  t.end();
});

t.test('what lies where virtiofsd writes its file', (t) => {
  const pid = '/srv/lab/run/lab.src.virtiofs.sock.pid';
  const on = (kind: 'directory' | 'other' | 'file') =>
    probed(LINUX, { paths: { [pid]: { kind } }, helpers: { '/usr/libexec/virtiofsd': '/x' } });
  t.test('a file', (t) => checkRows(t, [['is overwritten', virtiofs()]], on('file')));
  for (const kind of ['directory', 'other'] as const)
    t.test(kind, (t) =>
      checkRows(t, [['is in the way', virtiofs(), 'error path-occupied shares[0].socket']], on(kind)),
    );
  t.end();
});

t.test('what a share asks of the file system', (t) => {
  const asked = (security_model: string): string[] =>
    planOf({ ...V2, ...TCG, shares: [{ name: 's', path: 's', security_model }] })
      .metadata.unknowns.filter(({ subject }) => subject === 'path:write:/srv/lab/s')
      .map(({ question }) => question);
  const isThere = 'Is there a directory that QEMU may read?';
  t.strictSame(asked('none'), [isThere]);
  t.strictSame(asked('mapped-file'), [isThere]);
  t.strictSame(asked('mapped-xattr'), [
    'Does the file system of the directory keep extended attributes of users?',
    isThere,
  ]);
  t.end();
});
