/** A lab for tests that ask much: checking the first answer takes a busy machine so long that it is overload. */
import { type Lab, newLab } from './app.ts';
import { until } from './until.ts';

export async function newLabAtEase(...args: Parameters<typeof newLab>): Promise<Lab> {
  const lab = await newLab(...args);
  await lab.get('/livez');
  await until(
    'the app is at ease',
    async () => (await lab.app.inject('/problems/overloaded')).statusCode === 200,
  );
  return lab;
}
