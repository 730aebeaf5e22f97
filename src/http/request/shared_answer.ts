/** Callers who ask the same at the same time get one answer. */
import { endOfTurn } from './end_of_turn.ts';

export type SharedAnswer<Answer> = (question: string, ask: () => Promise<Answer>) => Promise<Answer>;

/**
 * Whoever asks while an answer is being made gets the next one, with all others who ask until that is begun: what it is
 * about may have changed since the first was begun, and no answer is older than its question.
 */
export function newSharedAnswer<Answer>(): SharedAnswer<Answer> {
  /** By question, until it is answered. */
  const begun = new Map<string, Promise<void>>();
  const waiting = new Map<string, Promise<Answer>>();

  async function answer(question: string, ask: () => Promise<Answer>): Promise<Answer> {
    await (begun.get(question) ?? endOfTurn());
    waiting.delete(question);
    const answering = ask();
    const end = (): void => {
      begun.delete(question);
    };
    begun.set(question, answering.then(end, end));
    return answering;
  }

  return (question, ask) => {
    const same = waiting.get(question) ?? answer(question, ask);
    waiting.set(question, same);
    return same;
  };
}
