/** What an operator goes by: metrics as deploy/README.md lists them, and the ids that tie a request to its log line. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { logLines, newLab } from './help/app.ts';
import { envelope } from './help/small_profile.ts';

const README = readFileSync(new URL('../deploy/README.md', import.meta.url), 'utf8');

interface Metric {
  readonly type: string;
  readonly labels: readonly string[];
}

/** The rows of its table, by name. */
function documentedMetrics(): Map<string, Metric> {
  const rows = README.matchAll(/^\| `([a-z_]+)` +\| (counter|gauge|histogram) +\| ([^|]*) \|/gm);
  return new Map(
    [...rows].map(([, name = '', type = '', cell = '']) => [
      name,
      { type, labels: [...cell.matchAll(/`([a-z_]+)`/g)].map(([, label = '']) => label) },
    ]),
  );
}

/** The service's own metrics in Prometheus text, by name; those of the process and of Node are prom-client's. */
function exposedMetrics(text: string): Map<string, Metric> {
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].filter(
    ([, name]) => !/^(process|nodejs)_/.test(String(name)),
  );
  return new Map(
    types.map(([, name = '', type = '']) => {
      const samples = [
        ...text.matchAll(new RegExp(`^${name}(?:_bucket|_sum|_count)?(?:\\{(.*)\\})? `, 'gm')),
      ];
      const labels = samples.flatMap(([, pairs = '']) =>
        [...pairs.matchAll(/([a-z_]+)="/g)].map(([, label = '']) => label),
      );
      // The bounds of a histogram are no label of its own.
      return [name, { type, labels: [...new Set(labels)].filter((label) => label !== 'le') }];
    }),
  );
}

t.test(
  'deploy/README.md lists every metric of the service, with its type and labels, and no other',
  async (t) => {
    const { get, post } = await newLab(t);
    await post('/argv', envelope({ x: 1 }));
    const { payload } = await get('/metrics');
    const exposed = exposedMetrics(payload);
    t.ok(exposed.size >= 4, 'they are there');
    t.strictSame(new Map([...exposed].sort()), new Map([...documentedMetrics()].sort()));
    for (const [name, { type, labels }] of exposed) {
      t.match(payload, new RegExp(`^# HELP ${name} [A-Z].*\\.$`, 'm'), `${name}: says what it is`);
      t.equal(name.endsWith('_total'), type === 'counter', `${name}: a counter, and only that, is a total`);
      t.match(
        name,
        type === 'histogram' ? /_(seconds|bytes)$/ : /^vmlab_/,
        `${name}: a base unit, or the service's name`,
      );
      t.notMatch(labels.join(), /[A-Z-]/, `${name}: labels in snake case`);
    }
  },
);

t.test('the usual metrics of the process and of Node are there each time', async (t) => {
  const { get } = await newLab(t);
  for (const time of ['first', 'second']) {
    const { statusCode, payload } = await get('/metrics');
    t.equal(statusCode, 200, time);
    for (const name of [
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_seconds',
      'nodejs_heap_size_used_bytes',
    ])
      t.match(payload, new RegExp(`^${name} [0-9]`, 'm'), `${time}: ${name}`);
  }
});

t.test('a trace that a caller is in is in the log, and nothing else of the header', async (t) => {
  const lab = await newLab(t);
  const [trace, span] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
  const rows: [traceparent: string, isLogged: boolean][] = [
    [`00-${trace}-${span}-01`, true],
    [`00-${trace}-${span}-00`, true],
    [`00-${'0'.repeat(32)}-${span}-01`, false],
    [`00-${trace}-${'0'.repeat(16)}-01`, false],
    [`ff-${trace}-${span}-01`, false],
    [`00-${trace.toUpperCase()}-${span}-01`, false],
    [`00-${trace}-${span}`, false],
    [`00-${trace}-${span}-01-x`, false],
    [`00-${trace}-${span}-01, 00-${trace}-${span}-01`, false],
    ['', false],
  ];
  for (const [traceparent, isLogged] of rows) {
    for (const url of ['/livez', '/nope', '/%zz']) {
      lab.log.text = '';
      const answer = await lab.get(url, { traceparent, tracestate: 'vendor=secret', 'x-request-id': 'mine' });
      t.equal(answer.headers['x-request-id'], 'mine', `${url}: the request id comes back`);
      const [line] = logLines(lab);
      t.equal(line?.request_id, 'mine', 'and is in the log');
      t.equal(line?.traceparent, isLogged ? traceparent : undefined, `${traceparent} to ${url}`);
      t.notMatch(lab.log.text, 'vendor', 'tracestate is not');
    }
  }
});
