/** `GET /profiles` with many files: pages, what is said of each, many callers at once, and files that change. */
import { linkSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { type Answer, codeOf } from '../help/answers.ts';
import { newLabAtEase as newLab } from '../help/lab_at_ease.ts';
import { SMALL_TOML } from '../help/small_profile.ts';

// On a busy machine.
t.setTimeout(120_000);

const SECRET = 'AKIAABCDEFGHIJKLMNOP';

interface Finding {
  readonly finding_id: string;
}

interface Summary {
  readonly name: string;
  readonly valid: boolean;
  readonly profile_hash: string | null;
  readonly reason: string | null;
}

function namesIn(answer: Answer): string[] {
  return answer.json().profiles.map(({ name }: Summary) => name);
}

function filesOf(names: readonly string[], text = SMALL_TOML): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`${name}.toml`, text]));
}

t.test('a short list is one page', async (t) => {
  const { get } = await newLab(t, { profiles: filesOf(['b', 'a']) });
  const { payload } = await get('/profiles');
  t.match(JSON.parse(payload), { next: null, problems: [], profiles: [{ name: 'a' }, { name: 'b' }] });
  for (const query of ['?limit=2', '?limit=1000', '?after=', '?after=&limit=002'])
    t.equal((await get(`/profiles${query}`)).payload, payload, query);
});

t.test('a long list comes in pages that hold each profile once', async (t) => {
  const names = Array.from({ length: 130 }, (_, index) => `vm${String(index).padStart(3, '0')}`);
  const { get } = await newLab(t, { profiles: filesOf(names) });
  for (const limit of [undefined, 1, 100, 65, 129, 130]) {
    const found: string[] = [];
    let pages = 0;
    for (let next: string | null = ''; next !== null && pages < 150; pages++) {
      const answer = await get(`/profiles?after=${next}${limit === undefined ? '' : `&limit=${limit}`}`);
      found.push(...namesIn(answer));
      next = answer.json().next;
    }
    t.strictSame(found, names, `by ${limit}`);
    t.equal(pages, Math.ceil(130 / (limit ?? 100)), `by ${limit}: as many pages as it takes`);
  }
  t.strictSame(namesIn(await get('/profiles?after=vm1275&limit=2')), ['vm128', 'vm129'], 'after no profile');
  t.match((await get('/profiles?after=vm129')).json(), { profiles: [], next: null }, 'after the last');
});

t.test('by code point, and by names that have to be encoded', async (t) => {
  const names = ['a b', 'a&b', 'a+b', 'ä', '\uffee', '\u{1f600}'].sort();
  const { get } = await newLab(t, { profiles: filesOf(names) });
  const found: string[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const answer = await get(`/profiles?limit=1&after=${encodeURIComponent(next)}`);
    found.push(...namesIn(answer));
    next = answer.json().next;
  }
  t.strictSame(found, ['a b', 'a&b', 'a+b', 'ä', '\uffee', '\u{1f600}']);
});

t.test('no page ends with a name that is not shown', async (t) => {
  const names = ['A', `${SECRET}A`, `${SECRET}B`, 'Z', `z${SECRET}`];
  const { get } = await newLab(t, { profiles: filesOf(names) });
  const hidden = '***REDACTED***';
  const pages = ['', 'A', 'Z'].map(async (after) => get(`/profiles?limit=1&after=${after}`));
  t.strictSame(
    (await Promise.all(pages)).map((page) => [namesIn(page), page.json().next]),
    [
      [['A'], 'A'],
      [[hidden, hidden, 'Z'], 'Z'],
      [[hidden], null],
    ],
  );
});

t.test('what is no page is a 400', async (t) => {
  const { get } = await newLab(t);
  const bad = ['0', '', '-1', '1001', '10000', '1e2', '1.0', ' 1', 'all'].map((limit) => `limit=${limit}`);
  for (const query of [...bad, 'limit=1&limit=2', 'after=a&after=b', 'afer=a', 'limit=1&page=2'])
    t.equal(codeOf(await get(`/profiles?${query}`)), '400 malformed-request', query);
  const { detail } = (await get(`/profiles?${SECRET}=1`)).json();
  t.equal(detail, 'The query has a parameter that is not known here; known are limit, after.');
  for (const url of [
    '/livez?x=1',
    '/readyz?x=1',
    '/metrics?x=1',
    '/docs/?x=1',
    '/openapi.json?x=1',
    '/profiles/a?x',
  ])
    t.not((await get(url)).statusCode, 400, `${url}: a route without parameters takes no notice`);
});

t.test('each says why it is invalid', async (t) => {
  const rows: [name: string, text: string, reason: RegExp][] = [
    ['bytes', '\xff', /is not UTF-8/],
    ['large', '#'.repeat(300_000), /is larger than 262144 bytes/],
    ['missing', SMALL_TOML.replace('memory_mb', '#'), /memory_mb/],
    [
      'twice',
      `${SMALL_TOML}[vm]\n`,
      /^A key or a table is defined twice\..* Line \d+, column 2 of the profile's file\.$/,
    ],
  ];
  const files = rows.map(([name, text]) => [`${name}.toml`, Buffer.from(text, 'latin1')]);
  const { get } = await newLab(t, { profiles: { ...Object.fromEntries(files), ...filesOf(['well']) } });
  const { profiles } = (await get('/profiles')).json();
  for (const [index, [name, , reason]] of rows.sort().entries())
    t.match(profiles[index], { name, valid: false, profile_hash: null, reason });
  t.match(profiles.at(-1), { name: 'well', valid: true, profile_hash: /^sha256:/, reason: null });
});

t.test('a file that changes is another profile at once, and so is what the host has', async (t) => {
  const { get, root } = await newLab(t, { profiles: filesOf(['vm']) });
  const seen = async (): Promise<[boolean, string | null]> => {
    const [{ valid, profile_hash }] = (await get('/profiles')).json().profiles;
    return [valid, profile_hash];
  };
  const write = (text: string): void => writeFileSync(join(root, 'profiles/vm.toml'), text);
  const hashes = new Set<string | null>();
  for (let time = 0; time < 10; time++) {
    write(SMALL_TOML.replace('1024', `102${4 + (time % 2)}`));
    const [valid, hash] = await seen();
    t.equal(valid, true);
    hashes.add(`${time % 2} ${hash}`);
  }
  t.equal(hashes.size, 2, 'of the same size, without a pause');
  write(
    SMALL_TOML.replace('[hardware]', '[qmp]\nenabled = true\n[hardware]').replace(
      /\n*$/,
      '\n[kernel]\nenabled = true\nbzimage = "boot/k"\n',
    ),
  );
  t.equal((await seen())[0], false, 'there is no kernel');
  writeFileSync(join(root, 'k'), Buffer.alloc(4096));
  write(`${SMALL_TOML}\n[kernel]\nenabled = true\nbzimage = "k"\n`);
  t.equal((await seen())[0], true, 'there is one');
  rmSync(join(root, 'k'));
  t.equal((await seen())[0], false, 'there is none any more');
});

t.test('files that have not changed for a while are parsed once, whoever asks', async (t) => {
  const path = dirname(fileURLToPath(new URL('../../profiles/minimal.toml', import.meta.url)));
  const { get, post } = await newLab(t, {}, { profileDirectories: [{ scope: 'shipped', path }] });
  const counted = async (): Promise<[hits: number, misses: number]> => {
    const { payload } = await get('/metrics');
    const count = (result: string): number =>
      Number(new RegExp(`vmlab_profile_files_total\\{result="${result}"\\} (\\d+)`).exec(payload)?.[1]);
    return [count('hit'), count('miss')];
  };
  const names = namesIn(await get('/profiles'));
  t.ok(names.includes('minimal'));
  t.strictSame(await counted(), [0, names.length]);
  await get('/profiles');
  await post('/argv', { profile_name: 'minimal' });
  await get('/profiles/minimal');
  await get('/doctor?profile=minimal');
  await get('/doctor');
  t.strictSame(await counted(), [2 * names.length + 3, names.length]);
  const { payload } = await get('/metrics');
  t.match(payload, `vmlab_profile_files_kept ${names.length}\n`);
  const bytes = names.reduce((sum, name) => sum + readFileSync(join(path, `${name}.toml`)).length, 0);
  t.match(payload, `vmlab_profile_files_kept_bytes ${bytes}\n`);
});

t.test('many callers at once: nobody is refused, and the work is done once', async (t) => {
  const names = Array.from({ length: 300 }, (_, index) => `vm${index}`);
  const { get } = await newLab(t, { profiles: filesOf(names) });
  const answers = await Promise.all(Array.from({ length: 8 }, () => get('/profiles?limit=1000')));
  t.strictSame(
    answers.map(({ statusCode }) => statusCode),
    answers.map(() => 200),
  );
  t.equal(new Set(answers.map(({ payload }) => payload)).size, 1);
  t.match((await get('/metrics')).payload, `vmlab_profile_files_total{result="miss"} ${names.length}\n`);
});

t.test('the doctor compares profiles by where their files really are', async (t) => {
  const text = (name: string, more: string): string =>
    SMALL_TOML.replace('"small"', `"${name}"`).replace('images/root', `images/${name}`) + more;
  const disk = (path: string): string =>
    `[[storage.disks]]\nname = "more"\npath = "${path}"\nformat = "raw"\n`;
  const qmp = (socket: string): string => `[qmp]\nenabled = true\nsocket = "${socket}"\n`;
  const { get, root } = await newLab(t, {
    profiles: {
      'a.toml': text('a', `${disk('one.raw')}${qmp('run/s')}`),
      'b.toml': text('b', `${disk('link.raw')}${qmp('other/s')}`),
      'c.toml': text('c', qmp('link')),
      'd.toml': text('d', qmp('run/t')),
      'e.toml': 'schema_version = 1\n',
      'f.toml': text('f', disk('two.raw')),
      'g.toml': text('g', disk('run/hard.raw')),
    },
    run: {},
    'one.raw': '',
    'two.raw': '',
  });
  linkSync(join(root, 'two.raw'), join(root, 'run/hard.raw'));
  symlinkSync('one.raw', join(root, 'link.raw'));
  symlinkSync('run', join(root, 'other'));
  // The socket will be where this link is, not where it leads.
  symlinkSync('run/t', join(root, 'link'));
  const { findings } = (await get('/doctor?category=profiles')).json();
  const collisions = findings.filter(({ finding_id }: Finding) => finding_id.startsWith('profiles-collide'));
  t.match(collisions, [
    { metadata: { profiles: ['a', 'b'], shared_count: 2 } },
    { metadata: { profiles: ['f', 'g'], shared_count: 1 } },
  ]);
  t.equal(collisions.length, 2);
  const resources: string[] = collisions[0].affected_resources;
  for (const thing of ['path', 'socket:unix'])
    t.ok(
      resources.some((resource) => resource.startsWith(`${thing}:${root}`)),
      thing,
    );
});
