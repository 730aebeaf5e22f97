/** What is wrong with a request that is none: all of it at once, with what would be right, and nothing of what was sent. */
import t from 'tap';
import { type Answer, codeOf } from '../help/answers.ts';
import { JSON_TYPE, TOML_TYPE } from '../help/app.ts';
import { newLabAtEase as newLab } from '../help/lab_at_ease.ts';
import { envelope, LINUX_HOST, SMALL, SMALL_TOML } from '../help/small_profile.ts';

// On a busy machine.
t.setTimeout(120_000);

const mistakesOf = (answer: Answer): string[] =>
  answer.json().mistakes.map(({ pointer, message }: Record<string, string>) => `${pointer} ${message}`);

t.test('the mistakes of an envelope and of its host', async (t) => {
  const { post } = await newLab(t);
  const rows: readonly (readonly [body: unknown, ...mistakes: RegExp[]])[] = [
    [[1], /^ The request must be an object/],
    [SMALL, /^ A profile goes into the member profile: \{"profile"/],
    [{ ...SMALL, secretword: 1 }, /^ A profile goes/],
    [
      { profile: SMALL, dryrun: true },
      /^ The request may have dry_run, host, .* nothing else; is dry_run meant\?$/,
    ],
    [{ profile: SMALL, secretword: 1 }, /^ The request may have dry_run, .* nothing else\.$/],
    [
      { profile: 'schema_version = 2' },
      /^\/profile profile must be an object; a text in TOML goes into profile_toml\.$/,
    ],
    [{ toml: 'secretword' }, /; is profile_toml meant\?$/],
    [
      { profile: SMALL, host: { ...LINUX_HOST, os: 'ubuntu', memory: 1, accelerators: 'kvm' } },
      /^\/host host may have .*; is memory_mb meant\?$/,
      /^\/host\/os .*; is "linux" meant\?$/,
      /^\/host\/accelerators host\.accelerators must be an array, written between brackets\.$/,
    ],
    [{ profile: 1 }, /^\/profile profile must be an object\.$/],
    [{ profile: SMALL, profile_name: 'a' }, /^ The request has 2 of profile, profile_toml and profile_name/],
    [{ profile_name: 'a/secretword' }, /^\/profile_name profile_name must be the stem/],
    [
      { profile: SMALL, host: { os: 'Linux', arch: 'amd64', project_root: '~/secretword' } },
      /^\/host\/os host\.os must be one of .*; is "linux" meant\?$/,
      /^\/host\/arch host\.arch must be one of .*; is "x86_64" meant\?$/,
      /^\/host\/project_root host\.project_root must be an absolute path on linux\.$/,
    ],
    [
      {
        profile: 'x',
        dry_run: 1,
        host: { os: 'linux', accelerators: ['hvf', 'xen'], secretword: 1, project_root: 'C:\\' },
      },
      /^\/profile profile must be an object; a text in TOML goes into profile_toml\.$/,
      /^\/dry_run dry_run must be true or false\.$/,
      /^\/host\/arch host\.arch is required and is not there\.$/,
      /^\/host host may have accelerators, arch, .* and nothing else\.$/,
      /^\/host\/accelerators\/1 host\.accelerators\[1\] must be one of "kvm", "hvf", "whpx"\.$/,
      /^\/host\/accelerators host\.accelerators holds hvf, which no linux host has\.$/,
      /^\/host\/project_root host\.project_root must be an absolute path on linux\.$/,
    ],
    [{ profile: SMALL, host: { ...LINUX_HOST, os: 'plan9', project_root: 'C:\\lab' } }, /^\/host\/os [^;]*$/],
    [{ profile: SMALL, host: 'secretword' }, /^\/host host must be an object\.$/],
    [
      {
        profile: SMALL,
        host: { ...LINUX_HOST, firmware: [{ arch: 'arm64' }, 1], virtiofsd: '/a/secretword' },
      },
      /^\/host\/firmware\/0\/code host\.firmware\[0\]\.code is required/,
      /code_format/,
      /secure_boot/,
      /vars_format/,
      /vars_template/,
      /^\/host\/firmware\/0\/arch .*; is "aarch64" meant\?$/,
      /^\/host\/firmware\/1 host\.firmware\[1\] must be an object\.$/,
      /^\/host\/virtiofsd host\.virtiofsd must be the path of a program/,
    ],
    [
      { ...Object.fromEntries(Array.from({ length: 99 }, (_, index) => [`k${index}`, 1])) },
      /^ The request may have/,
    ],
  ];
  for (const [body, ...expected] of rows) {
    const answer = await post('/argv', body as object, JSON_TYPE);
    const about = JSON.stringify(body).slice(0, 80);
    t.equal(codeOf(answer), '400 malformed-request', about);
    const mistakes = mistakesOf(answer);
    t.equal(mistakes.length, expected.length, about);
    for (const [index, pattern] of expected.entries()) t.match(mistakes[index], pattern, about);
    t.ok(mistakes.length > 1 || mistakes[0]?.endsWith(answer.json().detail), `${about}: detail`);
    t.notMatch(answer.payload, 'secretword', `${about}: nothing of the body`);
  }
  const sides = { before: envelope(), after: { profile: SMALL, host: { os: 'Linux' } } };
  t.match(mistakesOf(await post('/plans/diff', sides))[0], /^\/after\/host\/arch /);
  t.match(mistakesOf(await post('/plans/diff', { before: 1 })), [/^\/after .*required/, /^\/before /]);
  const old = { profile_hash: 'x', argv_hash: 1, host: {}, plan_hash: 'x' };
  t.match(
    mistakesOf(await post('/plans/diff', { before: old, after: envelope() }))[0],
    /^\/before\/profile_hash /,
  );
});

t.test('versions of QEMU as people know them', async (t) => {
  const { post } = await newLab(t);
  const rows: readonly (readonly [version: unknown, meant: string | null])[] = [
    ['8.2.2 (Debian 1:8.2.2+ds-0ubuntu1.2)', '8.2.2'],
    ['QEMU emulator version 10.0.2 (qemu-10.0.2)', '10.0.2'],
    ['1:10.0.2+ds-1', '10.0.2'],
    ['v9.1', '9.1'],
    ['10', '10.0'],
    [10, '10.0'],
    [9.1, '9.1'],
    ['10.0.2.1', '10.0.2'],
    ['10.0 ', '10.0'],
    ['latest secretword', null],
    ['20240101', null],
    ['', null],
  ];
  const must = 'host.qemu_version must be two or three numbers between quotes, such as "8.2" or "10.0.2"';
  for (const [version, meant] of rows) {
    const answer = await post('/argv', { profile: SMALL, host: { ...LINUX_HOST, qemu_version: version } });
    const message = `${must}${meant === null ? '.' : `; is "${meant}" meant?`}`;
    t.strictSame(mistakesOf(answer), [`/host/qemu_version ${message}`], String(version));
    t.notMatch(answer.payload, 'secretword');
  }
  const odd = { profile: SMALL, host: { ...LINUX_HOST, qemu_version: { toString: 1 } } };
  t.strictSame(mistakesOf(await post('/argv', odd)), [
    '/host/qemu_version host.qemu_version must be a string.',
  ]);
});

t.test('null is as good as absent', async (t) => {
  const { post } = await newLab(t);
  const plain = (await post('/argv', envelope())).json();
  const nulls = {
    profile: {
      ...SMALL,
      kernel: null,
      extra: null,
      vm: { ...Object(SMALL.vm), description: null },
      storage: { disks: [{ ...Object(SMALL.storage).disks[0], readonly: null, odd: null }] },
    },
    profile_name: null,
    profile_toml: null,
    dry_run: null,
    host: { ...LINUX_HOST, cpus: null, firmware: null },
  };
  t.strictSame((await post('/argv', nulls)).json(), plain);
  t.equal((await post('/argv', { profile_toml: SMALL_TOML, host: null })).json().host_facts, 'probed');
  const wrong = envelope({ vm: { name: null }, tags: null, storage: { disks: [null] } });
  t.match((await post('/argv', wrong)).json().errors, [
    { code: 'missing-field', field: 'vm.name' },
    { code: 'wrong-type', field: 'storage.disks[0]', suggestion: 'Leave it out.' },
  ]);
  t.equal(codeOf(await post('/argv', 'null')), '400 malformed-request');
});

t.test('texts of another format, and none', async (t) => {
  const { post } = await newLab(t, { profiles: { 'yaml.toml': 'a: 1' } });
  const detail = async (text: string, type: string): Promise<string> =>
    (await post('/argv', text, type)).json().detail;
  t.match(await detail('{"a": 1}', TOML_TYPE), /^It looks like JSON, .* A key holds .* Line 1, column 1\.$/);
  t.match(await detail('a: 1', TOML_TYPE), /^It looks like YAML; .* Line 1, column 2\.$/);
  t.match(await detail('schema_version = 1[vm]', TOML_TYPE), /^It came in one line, as "curl -d"/);
  t.match(await detail(SMALL_TOML, JSON_TYPE), /It looks like TOML/);
  t.equal(await detail('', JSON_TYPE), 'The text is empty. Line 1, column 1.');
  t.match(await detail('# all of it', TOML_TYPE), /the first: The profile is empty/);
  t.match(
    (await post('/argv', { profile_toml: '{}' })).json().detail,
    /^It looks like JSON, .* of profile_toml\.$/,
  );
  t.match((await post('/argv', { profile_name: 'yaml' })).json().errors[0].message, /It looks like YAML/);
});

t.test('what a body came as', async (t) => {
  const { ask } = await newLab(t);
  const detail = async (headers: Record<string, string>): Promise<string> => {
    const answer = await ask({ method: 'POST', url: '/argv', payload: SMALL_TOML, headers });
    t.equal(codeOf(answer), '415 unsupported-media-type', JSON.stringify(headers));
    return answer.json().detail;
  };
  t.match(
    await detail({ 'content-type': 'application/x-www-form-urlencoded' }),
    /^The body came as .*curl.* Send application/,
  );
  t.match(
    await detail({ 'content-type': 'text/plain; charset=utf-8' }),
    /^The body came as text\/plain\. Send/,
  );
  t.match(await detail({}), /^The body came without a content type\. Send/);
  t.match(
    await detail({ 'content-type': TOML_TYPE, 'content-encoding': 'gzip' }),
    /^The body came with the content encoding gzip\. Send/,
  );
  t.match(
    await detail({ 'content-type': TOML_TYPE, 'content-encoding': 'a b' }),
    /^The body came as application\/toml\. Send/,
  );
  t.match(await detail({ 'content-type': 'password=abcdef' }), /^Send/);
});

t.test('names of profiles', async (t) => {
  const { get, post } = await newLab(t, {
    profiles: { 'minimal.toml': SMALL_TOML, 'AKIAABCDEFGHIJKLMNOP.toml': '' },
  });
  const rows: readonly (readonly [name: string, detail: RegExp])[] = [
    ['minimal.toml', /^Is minimal meant\? See/],
    ['minmal', /^Is minimal meant\? See/],
    ['Minimal', /^Is minimal meant\? See/],
    ['mini', /^Is minimal meant\? See/],
    ['mi', /^See/],
    ['nobody', /^See/],
    ['AKIAABCDEFGHIJKLMNOQ', /^See/],
  ];
  for (const [name, detail] of rows) {
    for (const answer of [
      await post('/argv', { profile_name: name }),
      await get(`/profiles/${name}`),
      await get(`/doctor?profile=${name}`),
    ]) {
      t.equal(codeOf(answer), '404 profile-not-found', name);
      t.match(answer.json().detail, detail, name);
    }
  }
});
