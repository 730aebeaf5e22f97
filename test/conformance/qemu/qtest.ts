/** What a guest's processor could read and write, by QEMU's own protocol for tests: one command at a time, one line each way. */
import type { Duplex } from 'node:stream';

export interface Qtest {
  /** A command such as `readl 0x9010000`; what follows `OK` in the answer. */
  readonly ask: (command: string) => Promise<string>;
}

export function openQtest(stream: Duplex): Qtest {
  let text = '';
  let wake: () => void = () => {};
  let isEnded = false;
  stream.setEncoding('latin1');
  stream.on('data', (chunk: string) => {
    text += chunk;
    wake();
  });
  stream.on('error', () => {});
  stream.on('close', () => {
    isEnded = true;
    wake();
  });
  const line = async (): Promise<string> => {
    for (;;) {
      const [first, ...rest] = text.split('\n');
      if (rest.length > 0) {
        text = rest.join('\n');
        return String(first);
      }
      if (isEnded) throw new Error('QEMU ended');
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    ask: async (command) => {
      stream.write(`${command}\n`);
      const answer = await line();
      if (!answer.startsWith('OK')) throw new Error(`${command}: ${answer}`);
      return answer.slice('OK'.length).trim();
    },
  };
}
