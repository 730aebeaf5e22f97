/** A plan as a summary for a pull request: what it says, and that nothing of a profile or a host becomes markup. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import type { Need } from '../../src/needs/need.ts';
import { codeBlock, codeSpan, prose } from '../../src/planning/markdown.ts';
import { planMarkdown } from '../../src/planning/plan_markdown.ts';
import type { StartPlan } from '../../src/planning/start_plan.ts';
import { visible } from '../../src/profile/text.ts';
import { shellCommand } from '../../src/qemu/shell_text.ts';
import { hostileCase, markup } from '../arbitrary/hostile.ts';
import { validCase } from '../arbitrary/profile.ts';
import { type Change, changed } from '../help/documents.ts';
import { goldenCases } from '../help/golden.ts';
import { DARWIN_INTEL, given, ON_LINUX } from '../help/hosts.ts';
import { readMarkdown } from '../help/markdown.ts';
import { fromToml, outcomeOf, plannedOf, startPlanOf } from '../help/plans.ts';

// On a busy machine.
t.setTimeout(120_000);

const SEED = 20260308;
/** All that a summary is made of. */
const ELEMENTS = [
  'bullet_list',
  'code_inline',
  'fence',
  'heading',
  'list_item',
  'paragraph',
  'strong',
  'text',
];
/** Text of which no site makes a link, a mention, a reference or an emoji: words, and no dot within one. */
const HARMLESS = /^(?:[A-Za-z0-9 ,;()?']|[.:](?= |$))*$/;
const CONTROL =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

t.test('the golden summaries', (t) => {
  const cases = goldenCases().filter(({ summary }) => summary !== null);
  t.ok(cases.length >= 3, `${cases.length} cases`);
  for (const { name, toml, facts, summary } of cases) {
    const planned = plannedOf(fromToml(toml), given(facts));
    t.equal(planMarkdown(startPlanOf(planned), planned.needs), summary, name);
  }
  t.end();
});

t.test('a code span holds any text', (t) => {
  const texts = fc
    .oneof(markup(), fc.string({ unit: 'binary', minLength: 1 }))
    .filter((text) => /[^ ]/.test(text));
  fc.assert(
    fc.property(texts, (text) => {
      const { types, pieces } = readMarkdown(`- a ${codeSpan(text)} b`);
      assert.deepEqual(types, ['bullet_list', 'code_inline', 'list_item', 'paragraph', 'text']);
      assert.equal(pieces[1]?.content, visible(text));
    }),
    { seed: SEED, numRuns: 1000 },
  );
  t.pass();
  t.end();
});

t.test('a code block holds any text', (t) => {
  for (const text of ['a', '```', 'a\n```\nb', '~~~', '````\n`````', '    a', '</code>', '- a', '"`'])
    t.strictSame(readMarkdown(codeBlock('sh', text)).pieces, [{ kind: 'block', content: `${text}\n` }], text);
  t.equal(codeBlock('sh', 'a\nb'), '```sh\na\nb\n```');
  t.end();
});

t.test('prose keeps words and makes code of the rest', (t) => {
  const rows: [sentence: string, markdown: string][] = [
    ['Start VM a-b (kvm, 8192 MB, 4 cores)', 'Start VM `a-b` (kvm, 8192 MB, 4 cores)'],
    ['kernel.append has 3000 bytes; shorten it.', '`kernel.append` has 3000 bytes; shorten it.'],
    [
      'The guest\'s port: "a b", or use type = "user".',
      'The guest\'s port: `"a b"`, or use `type = "user"`.',
    ],
    ['Set x.y = true and go', 'Set `x.y = true` and go'],
    ['1. a 1. b', '`1`. a 1. b'],
    ['1234567 is long', '`1234567` is long'],
    ['@a #1 a@b.c www.a.b http://a', '`@a` `#1` `a@b.c` `www.a.b` `http://a`'],
    ['<b> &lt [a](b) *c* _d_ | \\', '`<b>` `&lt` `[a](b)` `*c*` `_d_` `|` `\\`'],
    ['a ` b `` c', 'a `` ` `` b ``` `` ``` c'],
    ['a\nb\u2028c', '`a<U+000A>b<U+2028>c`'],
    ['. : ,', '`.` `:` `,`'],
    ['', ''],
  ];
  for (const [sentence, markdown] of rows) t.equal(prose(sentence), markdown, visible(sentence));
  fc.assert(
    fc.property(fc.array(markup(), { minLength: 1 }), (words) => {
      const sentence = words.join(' ');
      const { types, pieces } = readMarkdown(`- a: ${prose(sentence)}`);
      assert.deepEqual(
        types.filter((type) => !ELEMENTS.includes(type)),
        [],
      );
      checkTexts(pieces);
      const shown = pieces.map(({ content }) => content).join('');
      assert.equal(shown.replaceAll(' ', ''), `a:${sentence}`.replaceAll(' ', ''));
    }),
    { seed: SEED, numRuns: 1000 },
  );
  t.end();
});

function checkTexts(pieces: readonly { readonly kind: string; readonly content: string }[]): void {
  const texts = pieces.filter(({ kind }) => kind === 'text').map(({ content }) => content);
  assert.deepEqual(
    texts.filter((content) => !HARMLESS.test(content)),
    [],
  );
}

/** What a reader sees of a plan: nothing but the elements of a summary, harmless text, and all values as they are. */
function checkSummary(plan: StartPlan, needs: readonly Need[] = []): void {
  const markdown = planMarkdown(plan, needs);
  assert.doesNotMatch(markdown, CONTROL);
  assert.ok(markdown.endsWith('\n') && !markdown.endsWith('\n\n'));
  const { types, pieces } = readMarkdown(markdown);
  assert.deepEqual(
    types.filter((type) => !ELEMENTS.includes(type)),
    [],
  );
  checkTexts(pieces);
  const blocks = pieces.filter(({ kind }) => kind === 'block').map(({ content }) => content);
  assert.deepEqual(
    blocks,
    plan.commands.map(({ argv }) => `${shellCommand(argv)}\n`),
  );
  const { metadata } = plan;
  const codes = new Set(pieces.filter(({ kind }) => kind === 'code').map(({ content }) => content));
  const values = [
    metadata.profile_name,
    plan.risk,
    plan.plan_id,
    plan.plan_hash,
    metadata.profile_hash,
    metadata.argv_hash,
    metadata.host.project_root,
    ...plan.affected_resources,
    ...metadata.unknowns.map(({ subject }) => subject),
    ...metadata.validation_warnings.map(({ code }) => code),
  ];
  assert.deepEqual(
    values.filter((value) => !codes.has(value)),
    [],
  );
}

t.test('nothing of a profile becomes markup', (t) => {
  let count = 0;
  fc.assert(
    fc.property(fc.oneof(validCase(), hostileCase()), ({ document, facts }) => {
      const outcome = outcomeOf(document, given(facts));
      if (!outcome.isValid) return;
      count += 1;
      checkSummary(startPlanOf(outcome));
    }),
    { seed: SEED, numRuns: 100 },
  );
  t.ok(count > 80, `${count} summaries`);
  for (const { toml, facts } of goldenCases()) {
    const planned = plannedOf(fromToml(toml), given(facts));
    checkSummary(startPlanOf(planned), planned.needs);
  }
  t.end();
});

t.test('the last fence is longer than any in a command', (t) => {
  const append = 'a ``` b ````` c';
  const plan = startPlanOf(plannedOf(changed({ kernel: { enabled: true, bzimage: 'k', append } }), ON_LINUX));
  checkSummary(plan);
  t.match(planMarkdown(plan, []), /^``````sh$/m);
  t.end();
});

t.test('privileged and destructive steps are announced; an issue without a field stands alone', (t) => {
  const plan = startPlanOf(plannedOf(changed({ 'hardware.memory_mb': 1000 }), ON_LINUX));
  const commands = plan.commands.map((step) => ({ ...step, destructive: true, requires_privilege: true }));
  const [issue] = plan.metadata.validation_warnings;
  if (issue === undefined) throw new Error('no warning');
  const issues = [
    { ...issue, field: '', message: 'One.', suggestion: 'Two.' },
    { ...issue, message: 'One.', suggestion: 'Two.' },
  ];
  const metadata = { ...plan.metadata, validation_warnings: issues };
  const markdown = planMarkdown({ ...plan, commands, metadata }, []);
  t.equal(markdown.match(/^\*\*WARNING:\*\* This step (?:needs more rights|overwrites)/gm)?.length, 4);
  t.match(markdown, '- **warning** `memory-not-aligned`: One. Two.\n');
  t.match(markdown, '- **warning** `memory-not-aligned` at `hardware.memory_mb`: One. Two.\n');
  t.end();
});

t.test('ways into the guest and devices of the host come first', (t) => {
  const first = (change: Change, host = ON_LINUX): string[] => {
    const planned = plannedOf(changed({ schema_version: 2, ...change }), host);
    const [, , list = ''] = planMarkdown(startPlanOf(planned), planned.needs).split('\n\n');
    return list.split('\n').map((line) => line.replaceAll('`', ''));
  };
  const usb = [{ bus: 1, port: '2' }];
  const spice = { mode: 'spice', socket: 'run/s' };
  t.strictSame(first({}), ['None.']);
  t.strictSame(first({ display: { mode: 'gtk' } }), [
    '- The screen of the guest is in a window on the host.',
  ]);
  t.strictSame(first({ display: spice, audio: { backend: 'spice', microphone: true } }), [
    '- The guest can record the sound of the host.',
    '- Whoever connects to the display has the screen, the keyboard and the mouse of the guest.',
  ]);
  t.strictSame(first({ usb, 'audio.backend': 'pa', 'debug.gdb_port': 1234 }), [
    '- The guest gets the USB device 1-2 of the host.',
    '- debug.gdb_port opens tcp port 1234 on 127.0.0.1 to every user of the host.',
    '- debug.gdb_port hands the whole guest to whoever connects.',
  ]);
  const hostfwd = ['tcp::80-:80'];
  t.strictSame(first({ 'network.interfaces': [{ name: 'a', type: 'user', hostfwd }] }), [
    '- network.interfaces[0].hostfwd[0] opens tcp port 80 on 0.0.0.0 to other machines.',
  ]);
  const bridges = [
    { name: 'a', type: 'bridge' },
    { name: 'b', type: 'bridge' },
    { name: 'c', type: 'tap' },
  ];
  t.strictSame(first({ 'network.interfaces': bridges, 'devices.vsock_cid': 3 }), [
    '- The guest is on whatever network the tap device c is on.',
    '- The guest is on the network of the bridge br0.',
    '- The guest can connect to programs of the host that listen on vsock.',
  ]);
  const shared = { 'network.interfaces': [{ name: 'a', type: 'vmnet-shared' }] };
  t.strictSame(first(shared, given(DARWIN_INTEL)), ['- The guest is on the network vmnet-shared of macOS.']);
  t.end();
});
