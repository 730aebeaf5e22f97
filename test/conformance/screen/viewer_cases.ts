/** Displays that wait on a unix socket, and viewers that connect to them with the password, with another, and with none. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { intentOf } from '../compare/intent.ts';
import type { Lane } from '../lane.ts';
import { makeFiles } from '../make_files.ts';
import { startPaused } from '../qemu/start_paused.ts';
import { small2 } from '../small_profile.ts';
import { viewBySpice } from './spice.ts';
import type { Welcome } from './viewer.ts';
import { viewByVnc } from './vnc.ts';

interface ViewerCase {
  readonly name: string;
  readonly mode: 'vnc' | 'spice';
  /** What is in the password's file; `null` where there is none. */
  readonly file: string | null;
  /** What viewers say, and how far they get. */
  readonly tries: readonly (readonly [password: string, welcome: Welcome])[];
}

export interface CheckedViewer {
  readonly name: string;
  readonly isRight: boolean;
  readonly words: string;
}

const NAME = 'QEMU (edge)';

function byVnc(asksPassword: boolean, isIn: boolean): Welcome {
  return { asksPassword, isIn, name: isIn ? NAME : null };
}

function bySpice(isIn: boolean): Welcome {
  return { asksPassword: null, isIn, name: null };
}

export const VIEWER_CASES: readonly ViewerCase[] = [
  {
    name: 'VNC with a password of 8 bytes',
    mode: 'vnc',
    file: 'secret12',
    tries: [
      ['secret12', byVnc(true, true)],
      ['secret1', byVnc(true, false)],
      ['', byVnc(true, false)],
    ],
  },
  {
    name: 'VNC with a longer password, of which 8 bytes count',
    mode: 'vnc',
    file: 'secret1234',
    tries: [
      ['secret12', byVnc(true, true)],
      ['secret13', byVnc(true, false)],
    ],
  },
  {
    name: 'VNC with a line feed after the password',
    mode: 'vnc',
    file: 'secret\n',
    tries: [
      ['secret\n', byVnc(true, true)],
      ['secret', byVnc(true, false)],
    ],
  },
  { name: 'VNC without a password', mode: 'vnc', file: null, tries: [['', byVnc(false, true)]] },
  {
    name: 'SPICE with a password',
    mode: 'spice',
    file: 'a longer secret',
    tries: [
      ['a longer secret', bySpice(true)],
      ['a longer', bySpice(false)],
      ['', bySpice(false)],
    ],
  },
  { name: 'SPICE without a password', mode: 'spice', file: null, tries: [['', bySpice(true)]] },
];

export async function checkViewer(
  { name, mode, file, tries }: ViewerCase,
  lane: Lane,
): Promise<CheckedViewer> {
  lane.empty();
  const profile = small2('x86_64', {
    display: { mode, socket: 'r/screen', ...(file !== null && { password_file: 'k/password' }) },
  });
  makeFiles(intentOf(profile, lane.root), lane);
  if (file !== null) writeFileSync(join(lane.root, 'k/password'), file);
  const answer = await lane.service.argv({ profile }, lane.facts);
  if ('refusal' in answer) {
    const codes = answer.refusal.errors.map(({ code }) => code);
    return { name, isRight: false, words: `the service refuses it: ${codes.join(' ')}` };
  }
  const argv = [lane.program('x86_64'), ...answer.body.argv.slice(1)];
  const qemu = await startPaused(argv, lane.sandbox);
  if (!qemu.isRunning) return { name, isRight: false, words: qemu.words };
  try {
    const view = mode === 'vnc' ? viewByVnc : viewBySpice;
    const seen: [string, Welcome][] = [];
    for (const [password] of tries) seen.push([password, await view(join(lane.root, 'r/screen'), password)]);
    return { name, isRight: isDeepStrictEqual(seen, tries), words: JSON.stringify(seen) };
  } finally {
    await qemu.stop();
  }
}
