/** Answers that are kept: which, how many, and that nobody can tell them from new ones. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import t from 'tap';
import { type AskedFor, askedFor, newAnswerCache } from '../src/http/answer_cache.ts';
import { inTime } from '../src/http/deadline.ts';
import type { PlanNote } from '../src/http/plan_note.ts';
import { JSON_TYPE, type Lab, logLines, newLab, TOML_TYPE } from './help/app.ts';
import { envelope, SMALL_TOML } from './help/small_profile.ts';

const NOTE: PlanNote = {
  profile_name: 'small',
  profile_hash: `sha256:${'1'.repeat(64)}`,
  argv_hash: `sha256:${'2'.repeat(64)}`,
  acceleration_resolved: 'tcg',
  plan_status: 'draft',
  issues: [{ code: 'acceleration-fallback', severity: 'warning' }],
};

const asked = (form: string, text: string): AskedFor => askedFor(form, Buffer.from(text));

/** A figure of `/metrics`. */
async function figure({ get }: Lab, name: string): Promise<number> {
  const line = new RegExp(`^${name} (.+)$`, 'm').exec((await get('/metrics')).payload);
  return Number(line?.[1]);
}

t.test('an answer is kept when it is asked for the second time', async (t) => {
  const cache = newAnswerCache();
  const answer = { text: 'an answer', note: NOTE };
  t.equal(cache.find(asked('plan', 'request')), undefined);
  cache.keep(asked('plan', 'request'), answer);
  t.equal(cache.find(asked('plan', 'request')), undefined, 'seen once');
  cache.keep(asked('plan', 'request'), answer);
  t.strictSame(cache.find(asked('plan', 'request')), answer, 'seen twice');
  t.equal(cache.find(asked('argv', 'request')), undefined, 'the other route has answers of its own');
  t.equal(cache.find(asked('plan', 'request ')), undefined, 'a request is told by each character');
  const { hits, misses, entries, bytes: size } = cache.statistics;
  t.strictSame({ hits, misses, entries }, { hits: 1, misses: 4, entries: 1 });
  t.ok(size >= 'request'.length + 2 * 'an answer'.length);
});

t.test('what has the checksum of another request is not taken for it', async (t) => {
  const cache = newAnswerCache();
  const answers = ['plumless', 'buckeroo'].map((request) => ({ request, text: `to ${request}` }));
  t.equal(crc32('plumless'), crc32('buckeroo'));
  for (const { request, text } of answers) {
    for (let time = 0; time < 2; time++) cache.keep(asked('plan', request), { text, note: NOTE });
    t.equal(cache.find(asked('plan', request))?.text, text);
    for (const other of answers)
      if (other.request !== request) t.equal(cache.find(asked('plan', other.request)), undefined);
  }
  t.equal(cache.find(asked('argv', 'buckeroo')), undefined, 'nor is that of another form');
});

t.test('only the codes of issues are kept beside the text', async (t) => {
  const cache = newAnswerCache();
  const issue = { code: 'no-console', severity: 'info', message: 'long' };
  for (let time = 0; time < 2; time++)
    cache.keep(asked('plan', 'x'), { text: 'y', note: { ...NOTE, issues: [issue] } });
  t.strictSame(cache.find(asked('plan', 'x'))?.note.issues, [{ code: 'no-console', severity: 'info' }]);
});

t.test('it is bounded in bytes, and forgets what was not used for longest', async (t) => {
  const cache = newAnswerCache(10_000);
  const text = 'x'.repeat(1000);
  for (let index = 0; index < 100; index++) {
    const answer = { text, note: NOTE };
    cache.keep(asked('plan', `request ${index}`), answer);
    cache.keep(asked('plan', `request ${index}`), answer);
    t.ok(cache.statistics.bytes <= 10_000, `${cache.statistics.bytes} bytes`);
  }
  t.equal(cache.statistics.entries, 4);
  t.equal(cache.find(asked('plan', 'request 0')), undefined);
  t.equal(cache.find(asked('plan', 'request 99'))?.text, text);
  const large = { text: 'x'.repeat(6000), note: NOTE };
  for (let time = 0; time < 2; time++) cache.keep(asked('plan', 'large'), large);
  t.equal(cache.find(asked('plan', 'large')), undefined, 'what alone is over the bound is not kept');
});

t.test('a kept answer is the same answer, with the same log line and figures', async (t) => {
  const lab = await newLab(t);
  const plain = { accept: 'text/plain' };
  for (const [url, headers] of [['/argv'], ['/argv', plain], ['/plans/start']] as const) {
    const answers = [];
    for (let time = 0; time < 4; time++) answers.push(await lab.post(url, envelope(), JSON_TYPE, headers));
    const [first, ...others] = answers.map(({ statusCode, headers: sent, payload }) => {
      const { date, 'x-request-id': id, ...stable } = sent;
      return { statusCode, stable, payload };
    });
    for (const other of others) t.strictSame(other, first, url);
  }
  t.equal(
    await figure(lab, 'vmlab_answer_cache_hits_total'),
    6,
    'an answer that was made twice is kept, in each form',
  );
  t.equal(await figure(lab, 'vmlab_answer_cache_misses_total'), 6);
  t.equal(await figure(lab, 'vmlab_answer_cache_entries'), 3);
  t.ok((await figure(lab, 'vmlab_answer_cache_bytes')) > 1000);
  t.equal(await figure(lab, 'vmlab_plans_total{acceleration="kvm",status="validated"}'), 12);
  const lines = logLines(lab).filter(({ route }) => route === '/plans/start');
  const [first, ...others] = lines.map(({ time, request_id, duration_ms, ...stable }) => stable);
  t.equal(others.length, 3);
  for (const other of others) t.strictSame(other, first);
});

t.test('what looks at the host is never kept', async (t) => {
  const lab = await newLab(t, { profiles: { 'small.toml': SMALL_TOML } });
  const named = { profile_name: 'small', host: envelope().host };
  const hashes = new Set<string>();
  for (const cores of [1, 2, 3, 4]) {
    writeFileSync(
      join(lab.root, 'profiles', 'small.toml'),
      SMALL_TOML.replace('cores = 2', `cores = ${Math.ceil(cores / 2)}`),
    );
    hashes.add((await lab.post('/argv', named)).json().argv_hash);
    await lab.post('/argv', { profile: envelope().profile });
    await lab.post('/argv', SMALL_TOML, TOML_TYPE);
  }
  t.equal(hashes.size, 2, 'the file is read each time');
  t.equal(await figure(lab, 'vmlab_answer_cache_entries'), 0);
  t.equal(await figure(lab, 'vmlab_answer_cache_hits_total'), 0);
});

t.test('nor is a problem', async (t) => {
  const lab = await newLab(t);
  for (let time = 0; time < 3; time++) await lab.post('/argv', envelope({ vm: {} }));
  t.equal(await figure(lab, 'vmlab_answer_cache_entries'), 0);
});

t.test('a look at the host that takes too long is an overload', async (t) => {
  await t.rejects(inTime(new Promise(() => {}), 5), { code: 'overloaded' });
  await t.rejects(inTime(Promise.reject(new Error('broken')), 5000), { message: 'broken' });
  t.equal(await inTime(Promise.resolve('found'), 5000), 'found');
});
