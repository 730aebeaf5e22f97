/** The planning routes over HTTP: the forms of a request, the forms of an answer, and what is refused. */
import t from 'tap';
import { type Answer, codeOf } from '../help/answers.ts';
import { JSON_TYPE, type Lab, newLab, PLANNING_ROUTES, TOML_TYPE } from '../help/app.ts';
import { reordered } from '../help/documents.ts';
import { envelope, LINUX_HOST, SMALL, SMALL_TOML } from '../help/small_profile.ts';

// On a busy machine.
t.setTimeout(120_000);

/** Where issues are in a text depends on the text. */
function withoutPlaces({ payload }: Answer): string {
  return payload.replace(/"(?:column|line)":[0-9]+,/g, '');
}

t.test('all forms and both media types of a profile are one', async (t) => {
  const { root, post } = await newLab(t, { profiles: { 'small.toml': SMALL_TOML } });
  const other = reordered(SMALL, (left, right) => (left < right ? 1 : -1));
  const forms = [
    { profile: SMALL },
    { profile: other },
    { profile_toml: SMALL_TOML },
    { profile_name: 'small' },
  ];
  // The host of the lab, as a request would give it.
  const host = { os: 'linux', arch: 'x86_64', project_root: root };
  for (const url of PLANNING_ROUTES) {
    const first = await post(url, SMALL_TOML, TOML_TYPE);
    t.equal(first.statusCode, 200, url);
    const given = await post(url, { profile: SMALL, host });
    for (const form of forms) {
      const about = `${url} ${Object.keys(form)}`;
      const same = async (request: object, expected: Answer, how: string): Promise<boolean> =>
        t.equal(withoutPlaces(await post(url, request)), withoutPlaces(expected), `${about}, ${how}`);
      await same(form, first, 'probed');
      await same({ ...form, host }, given, 'given');
      await same({ ...form, dry_run: true }, first, 'dry run');
    }
  }
  const probed = (await post('/argv', SMALL_TOML, TOML_TYPE)).json();
  const given = (await post('/argv', { profile: SMALL, host })).json();
  t.strictSame([probed.host_facts, given.host_facts], ['probed', 'given']);
  t.strictSame(given.argv, probed.argv, 'the same command line');
  t.equal(given.argv_hash, probed.argv_hash, 'and so the same hash');
  t.equal(given.profile_hash, probed.profile_hash);
  const plan = (await post('/plans/start', { profile: SMALL, host })).json();
  const validation = (await post('/profiles/validate', { profile: SMALL, host })).json();
  t.equal(plan.metadata.argv_hash, given.argv_hash, 'a plan has the same hashes');
  t.equal(plan.metadata.profile_hash, given.profile_hash);
  t.equal(validation.profile_hash, given.profile_hash);
  t.equal(
    (await post('/argv', SMALL_TOML.replace('1024', '0x400').replace('= 2', '= 2.0'), TOML_TYPE)).json()
      .argv_hash,
    probed.argv_hash,
    'only the value of a number counts',
  );
});

t.test('host facts', async (t) => {
  const { post } = await newLab(t);
  const accepted: [about: string, change: object, facts: object][] = [
    ['no accelerators', { accelerators: undefined }, { accelerators: [] }],
    ['one twice', { accelerators: ['kvm', 'kvm'] }, { accelerators: ['kvm'] }],
    ['a root to be normalised', { project_root: '/srv//x/../lab/./' }, { project_root: '/srv/lab' }],
    [
      'a root with spaces, commas and letters',
      { project_root: '/srv/my lab, ü=1' },
      { project_root: '/srv/my lab, ü=1' },
    ],
    [
      'windows',
      { os: 'windows', accelerators: ['whpx'], project_root: 'c:/lab/' },
      { os: 'windows', project_root: 'c:\\lab' },
    ],
    ['darwin', { os: 'darwin', arch: 'aarch64', accelerators: ['hvf'] }, { arch: 'aarch64', os: 'darwin' }],
    ['freebsd', { os: 'freebsd', accelerators: [] }, { os: 'freebsd' }],
    ['POWER', { arch: 'ppc64le' }, { arch: 'ppc64le' }],
    ['RISC-V', { arch: 'riscv64' }, { arch: 'riscv64' }],
  ];
  for (const [about, change, facts] of accepted) {
    const tcg = { ...SMALL, serial: {}, hardware: { ...Object(SMALL.hardware), acceleration: 'tcg' } };
    const answer = await post('/plans/start', { profile: tcg, host: { ...LINUX_HOST, ...change } });
    t.equal(answer.statusCode, 200, about);
    t.match(answer.json().metadata.host, facts, about);
    t.equal(answer.json().commands.at(-1).cwd, answer.json().metadata.host.project_root, `${about}: cwd`);
  }
  const refused: [about: string, change: object, detail: RegExp][] = [
    ['no os', { os: undefined }, /os/],
    ['no arch', { arch: undefined }, /arch/],
    ['no root', { project_root: undefined }, /project_root/],
    ['another os', { os: 'beos' }, /host\.os must be one of .*linux/],
    ['another arch', { arch: 'x64' }, /host\.arch must be one of .*x86_64/],
    ['an os of another case', { os: 'Linux' }, /host\.os/],
    ['an os that is no text', { os: 1 }, /host\.os/],
    ['an accelerator that is none', { accelerators: ['xen'] }, /host\.accelerators\[0\]/],
    ['tcg, which is always there', { accelerators: ['kvm', 'tcg'] }, /host\.accelerators\[1\]/],
    ['accelerators that are a text', { accelerators: 'kvm' }, /host\.accelerators/],
    ['hvf on Linux', { accelerators: ['kvm', 'hvf'] }, /hvf.*linux/],
    ['kvm on darwin', { os: 'darwin' }, /kvm.*darwin/],
    ['kvm on freebsd', { os: 'freebsd' }, /kvm.*freebsd/],
    ['whpx on darwin', { os: 'darwin', accelerators: ['whpx'] }, /whpx.*darwin/],
    ['hvf on windows', { os: 'windows', accelerators: ['hvf'], project_root: 'C:\\lab' }, /hvf.*windows/],
    ['another member', { cores: 8 }, /host/],
    ['an empty root', { project_root: '' }, /host\.project_root/],
    ['a relative root', { project_root: 'srv/lab' }, /absolute/],
    ['a home', { project_root: '~/lab' }, /absolute/],
    ['a drive on Linux', { project_root: 'C:\\lab' }, /absolute/],
    ['a drive without a root', { os: 'windows', accelerators: [], project_root: 'C:lab' }, /absolute/],
    ['no drive on windows', { os: 'windows', accelerators: [], project_root: '\\lab' }, /absolute/],
    ['a variable', { project_root: '/srv/$USER' }, /\$/],
    ['a command', { project_root: '/srv/`id`' }, /backquote/],
    ['NUL', { project_root: '/srv/\0' }, /U\+0000/],
    ['a right-to-left override', { project_root: '/srv/\u202elab' }, /U\+202E/],
    ['a forbidden place', { project_root: '/proc/1' }, /\/proc/],
    ['a forbidden place once resolved', { project_root: '/srv/../dev/shm' }, /\/dev/],
    [
      'a forbidden place without regard to case',
      { os: 'darwin', accelerators: [], project_root: '/DEV/x' },
      /\/dev/i,
    ],
    ['a device of windows', { os: 'windows', accelerators: [], project_root: '\\\\.\\C:\\lab' }, /./],
    ['a folder for keys', { project_root: '/home/dev/.ssh' }, /\.ssh/],
    ['a secret', { project_root: '/srv/AKIAABCDEFGHIJKLMNOP' }, /secret/],
    ['a long component', { project_root: `/${'a'.repeat(256)}` }, /255/],
    ['a long path', { project_root: '/abcdefg'.repeat(600) }, /4095/],
  ];
  for (const [about, change, detail] of refused) {
    const answer = await post('/argv', { profile: SMALL, host: { ...LINUX_HOST, ...change } });
    t.equal(codeOf(answer), '400 malformed-request', about);
    t.match(answer.json().detail, detail, about);
  }
});

t.test('an invalid profile is a 422, and a 200 where only its validity is asked', async (t) => {
  const { post } = await newLab(t);
  const disk = { name: 'root', path: '/dev/sda', format: 'raw' };
  const wrong = envelope({ schema_version: 3, storage: { disks: [disk, disk] }, password: 'x' });
  for (const url of ['/argv', '/plans/start']) {
    const problem = await post(url, wrong);
    t.equal(codeOf(problem), '422 profile-invalid', url);
    const { errors, warnings, profile_name, schema_version, instance, detail } = problem.json();
    const codes = errors.map(({ code }: { code: string }) => code);
    t.match(
      codes,
      ['unsupported-version', 'forbidden-path', 'duplicate-name'].slice(1, 1),
      `${url}: ${codes}`,
    );
    t.ok(codes.length >= 4, `${url}: all errors at once: ${codes}`);
    t.equal(profile_name, 'small');
    t.equal(schema_version, null);
    t.equal(instance, url);
    t.match(detail, errors[0].message, `${url}: the first error`);
    t.match(warnings, [{ code: 'secret-like-field' }, { code: 'unknown-field' }], `${url}: warnings too`);
    const validation = await post('/profiles/validate', wrong);
    t.match(validation.json(), { valid: false, profile_hash: null, canonical_toml: null }, 'validation');
    t.strictSame(validation.json().errors, errors, 'the same errors');
    t.strictSame(validation.json().warnings, warnings, 'the same warnings');
  }
  const one = await post('/argv', envelope({ vm: {} }));
  t.match(one.json(), { detail: /^One error/, profile_name: null, schema_version: 1 }, 'no name to show');
  const disks = Array.from({ length: 150 }, () => ({}));
  const many = (await post('/argv', envelope({ storage: { disks } }))).json();
  t.equal(many.errors.length, 101, 'at most 100 errors, and how many more there are');
  t.match(many.errors.at(-1), { code: 'more-issues', message: /^\d+ more errors/ });
});

function withoutRequestId(answer: Answer): string {
  return answer.payload.replace(/"request_id":"[^"]*"/, '"request_id":""');
}

t.test('the same request has the same answer, byte for byte', async (t) => {
  const requests: [url: string, body: object | string, type?: string, headers?: Record<string, string>][] = [
    ...PLANNING_ROUTES.map((url): [string, object] => [url, envelope()]),
    ['/argv', envelope(), JSON_TYPE, { accept: 'text/plain' }],
    ['/plans/start', envelope(), JSON_TYPE, { accept: 'text/x-shellscript' }],
    ['/plans/start', envelope(), JSON_TYPE, { accept: 'text/markdown' }],
    ...PLANNING_ROUTES.map((url): [string, object] => [url, envelope({ schema_version: 3, x: 1 })]),
    ['/argv', '{"a": 1, "a": 2}'],
    ['/argv', 'a = 1\na = 2', TOML_TYPE],
    ['/argv', {}],
    ['/argv', 'x', 'text/plain'],
    ['/argv', { ...envelope(), dry_run: false }],
    ['/nope', {}],
    ['/livez', {}],
  ];
  const answersOf = async ({ post }: Lab): Promise<string[]> => {
    const answers: string[] = [];
    for (const request of requests) answers.push(withoutRequestId(await post(...request)));
    return answers;
  };
  const lab = await newLab(t);
  const answers = await answersOf(lab);
  t.strictSame(await answersOf(lab), answers, 'asked again');
  await t.test('of another service, elsewhere', async (t) => {
    t.strictSame(await answersOf(await newLab(t, { other: '' }, { bodyLimit: 100_000 })), answers);
  });
});

t.test('the form of an answer, by Accept', async (t) => {
  const { post } = await newLab(t);
  const [json, line, script, summary] = [
    'application/json',
    'text/plain',
    'text/x-shellscript',
    'text/markdown',
  ];
  const rows: [accept: string | undefined, ofArgv: string, ofPlan: string][] = [
    [undefined, json, json],
    ['', json, json],
    ['*/*', json, json],
    [json, json, json],
    [line, line, json],
    [script, json, script],
    [summary, json, summary],
    ['TEXT/PLAIN; charset=utf-8', line, json],
    ['Text/X-ShellScript;Q=0.3', json, script],
    ['text/markdown; charset="UTF-8"', json, summary],
    ['text/markdown; charset=utf-16', json, json],
    // The first of equals; so do the defaults of several HTTP clients get JSON.
    ['text/plain, application/json', line, json],
    ['application/json, text/plain, */*', json, json],
    ['text/markdown, text/x-shellscript', json, summary],
    ['text/x-shellscript, text/markdown', json, script],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', json, json],
    // A quality decides before the place.
    ['application/json;q=0.5, text/plain, text/markdown', line, summary],
    ['text/plain;q=0.5, text/markdown;q=0.5, application/json', json, json],
    ['text/markdown;q=0.1, text/x-shellscript;q=0.2, text/plain;q=0.3', line, script],
    ['text/html, text/plain;q=0.1', line, json],
    // What is named closest decides its quality.
    ['text/*', line, script],
    ['text/*, text/x-shellscript;q=0', line, summary],
    ['text/*;q=0.5, application/*;q=0.4', line, script],
    ['*/*;q=0.5, text/markdown;q=0.4', json, json],
    ['application/json;q=0, */*', line, script],
    // Nothing that is there, or nothing that can be read: the default.
    ['text/html', json, json],
    ['text/plain;q=0', json, json],
    ['application/json;q=0', json, json],
    ['text/plain;q=nonsense', json, json],
    ['text/plainer', json, json],
    ['*', json, json],
    [',,;q=,"text/plain', json, json],
    ['x/'.repeat(7000), json, json],
  ];
  for (const [accept, ...expected] of rows) {
    for (const [index, url] of ['/argv', '/plans/start'].entries()) {
      const about = `${url} ${accept?.slice(0, 80)}`;
      const answer = await post(url, envelope(), JSON_TYPE, accept === undefined ? {} : { accept });
      t.equal(answer.statusCode, 200, about);
      t.equal(answer.headers['content-type'], `${expected[index]}; charset=utf-8`, about);
      t.equal(answer.headers.vary, undefined, `${about}: no cache keeps an answer to POST`);
    }
  }
  for (const accept of [line, script, summary]) {
    for (const url of PLANNING_ROUTES.slice(0, 2)) {
      const invalid = await post(url, envelope({ vm: {} }), JSON_TYPE, { accept });
      t.equal(codeOf(invalid), '422 profile-invalid', 'a problem is a problem');
    }
    const validation = await post('/profiles/validate', envelope(), JSON_TYPE, { accept });
    t.ok(validation.json().valid, 'what has one form comes in it');
  }
});

t.test('the forms of an answer say the same', async (t) => {
  const { post } = await newLab(t);
  const textOf = async (url: string, accept: string): Promise<string> =>
    (await post(url, envelope(), JSON_TYPE, { accept })).payload;
  const line = await textOf('/argv', 'text/plain');
  const { argv } = (await post('/argv', envelope())).json();
  t.match(
    line,
    /^qemu-system-x86_64 \\\n {2}-machine q35 \\\n {2}-nodefaults \\\n {2}-no-user-config \\\n/,
    'broken before each option',
  );
  t.strictSame(line.replaceAll(' \\\n  ', ' ').trimEnd().split(' '), argv, 'the elements of argv');
  const { plan_hash, metadata } = (await post('/plans/start', envelope())).json();
  for (const accept of ['text/x-shellscript', 'text/markdown']) {
    const text = await textOf('/plans/start', accept);
    for (const value of [plan_hash, metadata.profile_hash, metadata.argv_hash]) t.match(text, value, accept);
    t.match(text, line, `${accept}: the same command`);
  }
});
