/** A client of the QEMU machine protocol over two streams: one command at a time, one line each way. */
import type { Readable, Writable } from 'node:stream';

interface Message {
  readonly QMP?: { readonly version: { readonly qemu: Record<'major' | 'minor' | 'micro', number> } };
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
  readonly event?: string;
  readonly data?: unknown;
}

export class QmpError extends Error {}

export interface Qmp {
  readonly version: string;
  readonly ask: <Answer>(command: string, args?: object) => Promise<Answer>;
  /** Waits for the first event of these that nobody has waited for. */
  readonly event: (...names: string[]) => Promise<string>;
  /** The same of one event, with what it tells. */
  readonly dataOf: <Data>(name: string) => Promise<Data>;
  /** The text of a command of the human monitor. */
  readonly human: (line: string) => Promise<string>;
}

/** `null` when QEMU says nothing and ends. */
export async function openQmp(input: Writable, output: Readable): Promise<Qmp | null> {
  const next = messages(output);
  const greeting = await next();
  if (greeting?.QMP === undefined) return null;
  const events: Message[] = [];
  const heard = async (names: readonly string[]): Promise<Message> => {
    for (;;) {
      const first = events.findIndex(({ event = '' }) => names.includes(event));
      if (first !== -1) return events.splice(first, 1)[0] as Message;
      const message = await next();
      if (message === null) throw new QmpError(`QEMU ended before ${names.join(' or ')}`);
      if (message.event !== undefined) events.push(message);
    }
  };
  const ask = async <Answer>(command: string, args?: object): Promise<Answer> => {
    input.write(`${JSON.stringify({ execute: command, ...(args && { arguments: args }) })}\n`);
    for (;;) {
      const message = await next();
      if (message === null) throw new QmpError(`QEMU ended at ${command}`);
      if (message.event !== undefined) events.push(message);
      if (message.error !== undefined) throw new QmpError(`${command}: ${message.error.desc}`);
      if ('return' in message) return message.return as Answer;
    }
  };
  const { major, minor, micro } = greeting.QMP.version.qemu;
  return {
    version: `${major}.${minor}.${micro}`,
    ask,
    event: async (...names) => String((await heard(names)).event),
    dataOf: async <Data>(name: string) => (await heard([name])).data as Data,
    human: (line) => ask<string>('human-monitor-command', { 'command-line': line }),
  };
}

/** Reads one message after the other; `null` at the end. A line that is no JSON is something else that QEMU prints. */
function messages(output: Readable): () => Promise<Message | null> {
  const ready: Message[] = [];
  let wake: () => void = () => {};
  let isEnded = false;
  let rest = '';
  output.setEncoding('utf8');
  output.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('{')) ready.push(JSON.parse(line) as Message);
    }
    wake();
  });
  output.on('close', () => {
    isEnded = true;
    wake();
  });
  return async () => {
    while (ready.length === 0 && !isEnded) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return ready.shift() ?? null;
  };
}
