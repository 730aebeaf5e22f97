/**
 * The list of the bridge helper: what the doctor says of it has to be what the helper makes of it. Each list is tried with
 * the real helper, which has the list's folder for its /etc/qemu and is started there.
 */

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { DEVICES_UNSEEN } from '../../../src/facts/devices.ts';
import type { ProbedNetwork } from '../../../src/facts/host.ts';
import { MEMORY_UNSEEN } from '../../../src/facts/memory.ts';
import { readBridgeRules } from '../../../src/host/bridge_rules.ts';
import { UNKNOWN_NETWORK } from '../../../src/host/probe_network.ts';
import { bridge } from '../../../src/needs/kinds/bridge.ts';
import type { Lane } from '../lane.ts';

export interface ListCase {
  readonly name: string;
  /** One character for each byte. */
  readonly text: string | null;
}

export interface CheckedList {
  readonly name: string;
  readonly isAlike: boolean;
  readonly words: string;
}

type Answer = 'allowed' | 'refused' | 'invalid';

const BRIDGE = 'br0';

/** What other files a list may include. */
const INCLUDED: Readonly<Record<string, string>> = {
  more: 'allow br0\n',
  denying: '# no\ndeny br0\n',
  bad: 'allow br0\nbr1\ndeny br0\n',
};

const TEXTS: readonly (string | null)[] = [
  null,
  '',
  '\n',
  '# allow br0\n',
  'allow br0',
  'allow br0\n',
  'allow br0\r\n',
  'allow br0 # office\n',
  'allow br0#office\n',
  'allow br0,br1\n',
  'allow br0 br1\n',
  'allow br1\nallow br0\n',
  '  allow   br0  \n',
  'allow\tbr0\n',
  'allow\tbr0 \n',
  'allow\t br0\n',
  'allow \tbr0\n',
  'allow\n',
  'allow \n',
  'allow all\n',
  'allow all # of them\n',
  'allow ALL\n',
  'Allow br0\n',
  'allow br0\ndeny br0\n',
  'deny br0\nallow br0\n',
  'deny all\nallow br0\n',
  'allow all\ndeny br1\n',
  'allow all\ndeny br0 # not this one\n',
  'allow br0\noffice\n',
  'office\nallow br0\n',
  'allow br0\n;comment\n',
  'allow br0\n// a comment\n',
  'allow "br0"\n',
  'allow br0\0\n',
  'allow \0br0\n',
  'allow\vbr0\n',
  'allow \vbr0\v\n',
  'allow \fbr0\f\n',
  '\vallow br0\n',
  '\u00ef\u00bb\u00bfallow br0\n',
  'allow br0\u00c2\u00a0\n',
  'allow br0123456789012\n',
  'allow br01234567890123\n',
  'allow br0\nallow br0 # the office\n',
  'include more\n',
  'include more \n',
  'include more # office\n',
  'include absent\nallow br0\n',
  'include absent\n',
  'include bad\n',
  'include denying\nallow br0\n',
  'allow br0\ninclude denying\n',
  'include folder\nallow br0\n',
  'include more/more\n',
  'include\n',
  'include \n',
  'include more\ninclude more\n',
  'include bridge.conf\nallow br0\n',
  `#${'x'.repeat(4094)}allow br0\n`,
  `#${'x'.repeat(4093)}allow br0\n`,
  `${' '.repeat(4095)}allow br0\n`,
  `${' '.repeat(4090)}allow br0\n`,
  `allow br0${' '.repeat(5000)}\n`,
  `allow br0${' '.repeat(5000)}x\n`,
  `deny br0 ${'x'.repeat(4086)}\nallow br0\n`,
];

const WORD = fc.constantFrom('allow', 'allow', 'allow', 'deny', 'include', 'Allow', 'all', '#', '');
const BLANK = fc.constantFrom(' ', ' ', ' ', '\t', '  ', ' \t', '\t ', '\r', '\v', '\f', '');
const NAME = fc.constantFrom(
  'br0',
  'br0',
  'br0',
  'br1',
  'all',
  'br0-lan',
  'more',
  'denying',
  'bad',
  'absent',
  '',
);
const END = fc.constantFrom('', '', '', ' ', '\r', '\t', ' # office', '#', ',br1', '\0x', '\u00c3\u00bc');
const LINE = fc.tuple(BLANK, WORD, BLANK, NAME, END).map((parts) => parts.join(''));
const PLAIN = fc
  .tuple(fc.constantFrom('allow', 'allow', 'deny', 'include'), NAME)
  .map((parts) => parts.join(' '));
const TEXT = fc
  .array(fc.oneof(PLAIN, PLAIN, LINE), { minLength: 1, maxLength: 4 })
  .chain((lines) => fc.constantFrom(lines.join('\n'), `${lines.join('\n')}\n`));

export function listCases(count: number, seed: number): ListCase[] {
  const texts = [...TEXTS, ...fc.sample(TEXT, { seed, numRuns: count })];
  return texts.map((text, index) => ({
    name: `list ${index} ${JSON.stringify(text?.slice(0, 60) ?? null)}`,
    text,
  }));
}

export async function checkList({ name, text }: ListCase, lane: Lane): Promise<CheckedList> {
  lane.empty();
  const etc = join(lane.folder, 'etc');
  const folder = join(etc, 'qemu');
  mkdirSync(join(folder, 'folder'), { recursive: true });
  if (existsSync('/etc/ld.so.cache')) copyFileSync('/etc/ld.so.cache', join(etc, 'ld.so.cache'));
  for (const [file, content] of Object.entries(INCLUDED)) writeFileSync(join(folder, file), content);
  const list = join(folder, 'bridge.conf');
  if (text !== null) writeFileSync(list, text, 'latin1');
  const said = await answerOfDoctor(list, folder);
  const { answer, words } = answerOfHelper(lane, etc, folder);
  return { name, isAlike: said === answer, words: `we say ${said}, the helper ${answer}: ${words}` };
}

async function answerOfDoctor(list: string, folder: string): Promise<Answer | string> {
  const network: ProbedNetwork = { ...UNKNOWN_NETWORK, bridgeRules: await readBridgeRules(list, folder) };
  const [, verdict] = bridge.verdicts(
    { kind: 'bridge', at: [], bridge: BRIDGE, version: 2, netdev: 'n' },
    {
      facts: { os: 'linux', arch: 'x86_64', accelerators: [], project_root: folder },
      files: {
        binary: null,
        devices: DEVICES_UNSEEN,
        memory: MEMORY_UNSEEN,
        hasIoUring: null,
        helpers: new Map(),
        modules: null,
        realRoot: folder,
        paths: new Map(),
        capacity: NO_CAPACITY,
      },
      network,
      subject: '',
    },
  );
  switch (verdict?.id) {
    case 'bridge-helper-allowed':
      return 'allowed';
    case 'bridge-helper-denied':
      return 'refused';
    case 'bridge-helper-list-invalid':
      return 'invalid';
    case 'bridge-helper-not-allowed':
      return network.bridgeRules?.state === 'missing' ? 'invalid' : 'refused';
    default:
      return String(verdict?.id);
  }
}

/** How much the host has does not matter here. */
const NO_CAPACITY = { cpus: null, memoryMb: null, commitLimitMb: null };

/** Where there is no such bridge, the helper fails after it has read its list. */
const AFTER_THE_LIST = /failed to get mtu of bridge/;

function answerOfHelper(lane: Lane, etc: string, folder: string): { answer: Answer | string; words: string } {
  const script = ['mount --bind "$1" /etc', 'cd "$2"', 'exec "$3" --br="$4" --fd=1'].join('\n');
  const { signal, stderr } = spawnSync(
    'unshare',
    [...lane.sandbox.namespaces, 'sh', '-e', '-c', script, 'sh', etc, folder, lane.helper, BRIDGE],
    { encoding: 'latin1', env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } },
  );
  const words = stderr.trim();
  // It dies of a list that includes itself.
  if (signal === 'SIGSEGV') return { answer: 'invalid', words: signal };
  if (/failed to parse default acl file/.test(words)) return { answer: 'invalid', words };
  if (/access denied by acl file/.test(words)) return { answer: 'refused', words };
  return { answer: AFTER_THE_LIST.test(words) ? 'allowed' : 'unclear', words };
}
