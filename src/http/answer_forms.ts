/** The forms of the answers that have several. */
import { argvResultText } from '../planning/argv_result.ts';
import { planMarkdown } from '../planning/plan_markdown.ts';
import type { Planned } from '../planning/plan_profile.ts';
import { planScript } from '../planning/plan_script.ts';
import { planStart, planStartText } from '../planning/plan_start.ts';
import { shellLines } from '../qemu/display.ts';
import type { Forms } from './media_type.ts';
import { JSON_TYPE } from './operation.ts';

export const ARGV_FORMS: Forms<Planned> = [
  { name: 'argv', mediaType: JSON_TYPE, write: argvResultText },
  { name: 'argv line', mediaType: 'text/plain; charset=utf-8', write: ({ parts }) => shellLines(parts) },
];

export const PLAN_FORMS: Forms<Planned> = [
  { name: 'plan', mediaType: JSON_TYPE, write: planStartText },
  {
    name: 'plan script',
    mediaType: 'text/x-shellscript; charset=utf-8',
    write: (planned) => planScript(planStart(planned)),
  },
  {
    name: 'plan summary',
    mediaType: 'text/markdown; charset=utf-8',
    write: (planned) => planMarkdown(planStart(planned)),
  },
];
