/** Answers the questions on standard input, for a test that asks them in another process. */
import { text } from 'node:stream/consumers';
import { answersOf, type Question } from './answers_of.ts';

const questions: Question[] = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(questions.map(answersOf)));
