/** The clock of the machine, which its guest reads when it starts. */
import { table, text, word } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { checkOnlyFor } from './only_for.ts';
import { part } from './part.ts';
import type { Topic } from './topic.ts';

export const RTC = table(
  'The clock of the machine.',
  {
    base: text(
      'What the clock shows at the start: `utc`, `localtime` as guests like Windows expect it, or a time such as `2024-02-29T12:00:00`.',
      {
        default: 'utc',
        pattern: '^(?:utc|localtime|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})$',
        mistake: {
          code: 'invalid-rtc-base',
          must: 'be "utc", "localtime" or a time written YYYY-MM-DDTHH:MM:SS',
          suggestion: 'Write "utc", or a time such as "2024-02-29T12:00:00".',
        },
        examples: ['localtime', '2024-02-29T12:00:00'],
      },
    ),
    clock: word(
      ['host', 'vm', 'rt'],
      'What drives the clock: `host` follows changes of the host’s clock, `vm` stands still with the guest, `rt` does neither. Default: `host`.',
      {},
    ),
    driftfix: word(
      ['slew'],
      '`slew` hands the guest later what it missed of the clock’s ticks; only on x86_64.',
      {},
    ),
  },
  { since: 2 },
);

export const rtc: Topic = {
  checkProfile: ({ hardware: { arch }, rtc: { base = 'utc', clock = 'host', driftfix } }, issues) => {
    const last = arch === 'aarch64' ? LAST_YEARS.pl031 : LAST_YEARS[clock];
    if (/^[0-9]/.test(base) && !isTime(base)) {
      issues.error(
        ['rtc', 'base'],
        'invalid-rtc-base',
        (field) => `${field} is ${show(base)}, which is no time from 1970 on.`,
      );
    } else if (arch !== undefined && Number.parseInt(base, 10) > last) {
      issues.error(
        ['rtc', 'base'],
        'invalid-rtc-base',
        (field) =>
          `${field} is ${show(base)}; the guest would see another time, since its clock is right until ${last}.`,
        'Write an earlier time; with clock = "vm" or "rt" other machines than those of aarch64 can show times until 2261.',
      );
    }
    if (driftfix === undefined) return;
    checkOnlyFor(
      ['rtc', 'driftfix'],
      show(driftfix),
      [
        {
          on: 'arch',
          is: arch,
          allowed: ['x86_64'],
          instead: 'Remove it: other machines have no clock whose ticks are counted.',
        },
      ],
      issues,
    );
  },
  args: ({ rtc: { base, clock, driftfix } }) => {
    const keys = [
      'base',
      ...(clock === undefined ? [] : ['clock']),
      ...(driftfix === undefined ? [] : ['driftfix']),
    ];
    if (base === 'utc' && keys.length === 1) return [];
    const options = [
      `base=${base}`,
      ...(clock === undefined ? [] : [`clock=${clock}`]),
      ...(driftfix === undefined ? [] : [`driftfix=${driftfix}`]),
    ];
    return [
      part(
        'process',
        keys.map((key) => `/rtc/${key}`),
        ['-rtc', options.join(',')],
        { mayBeDefault: true },
      ),
    ];
  },
};

/**
 * The last year that the guest sees as it is asked for. QEMU counts nanoseconds in 63 bits, but with `host` it keeps in 31 bits how many
 * seconds the host's clock is away; the clock of aarch64 machines has 32 bits of seconds.
 */
const LAST_YEARS = { host: 2090, vm: 2261, rt: 2261, pl031: 2105 } as const;

/** QEMU takes the 13th month for the first of the next year, and fails at times before 1970. */
function isTime(text: string): boolean {
  const time = new Date(`${text}Z`);
  return time.getTime() >= 0 && time.toISOString().startsWith(text);
}
