/** `[rtc]`: what the clock shows, whether it goes on while the guest is paused, and what becomes of missed ticks. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ZONE } from '../../qemu/start_paused.ts';
import type { Architecture } from '../../settings.ts';
import type { Asked, Seen, Topic } from './topic.ts';

/** In seconds, from the start of QEMU to here. */
const LONGEST_START = 120;
/** A little more than the second that most of the clocks count in. */
const PAUSE = 1_100;

export const clock: Topic = {
  means: ({ arch, profile: { rtc = {} } }) => ({
    'clock at start': rtc.base ?? 'utc',
    ...(rtc.clock !== undefined && { 'clock stands with the guest': rtc.clock === 'vm' }),
    ...(arch === 'x86_64' && { 'missed ticks': rtc.driftfix ?? 'discard' }),
  }),
  seen: async (seen, asked) => {
    const first = await secondsOf(seen, asked.arch);
    const hasClock = asked.profile.rtc?.clock !== undefined;
    if (hasClock) await sleep(PAUSE);
    const timer = seen.devices.find(({ type }) => type === 'mc146818rtc');
    return {
      'clock at start': baseOf(first, asked),
      ...(hasClock && { 'clock stands with the guest': (await secondsOf(seen, asked.arch)) === first }),
      ...(asked.arch === 'x86_64' && { 'missed ticks': timer?.properties.lost_tick_policy }),
    };
  },
};

/** The word or the time that the clock started with. */
function baseOf(seconds: number, { arch, profile }: Asked): string {
  const now = Date.now() / 1000;
  const asked = profile.rtc?.base ?? 'utc';
  const candidates: [string, number][] = [
    ['utc', now],
    ['localtime', now + ZONE.seconds],
    ...(/^[0-9]/.test(asked) ? [[asked, Date.parse(`${asked}Z`) / 1000] as [string, number]] : []),
  ];
  const isNear = (start: number): boolean => {
    const passed = Math.abs(seconds - start);
    // The clock of an aarch64 machine counts in 32 bits.
    return (arch === 'aarch64' ? passed % 2 ** 32 : passed) <= LONGEST_START;
  };
  const found = candidates.find(([, start]) => isNear(start));
  return found?.[0] ?? new Date(seconds * 1000).toISOString();
}

/** As `struct tm` has it. */
type BrokenDown = Readonly<
  Record<'tm_year' | 'tm_mon' | 'tm_mday' | 'tm_hour' | 'tm_min' | 'tm_sec', number>
>;

const PL031 = 0x9010000;
const GOLDFISH = 0x101000;

async function secondsOf({ qmp, qtest }: Seen, arch: Architecture): Promise<number> {
  const word = async (address: number): Promise<number> => Number(await qtest.ask(`readl ${address}`));
  if (arch === 'aarch64') return await word(PL031);
  if (arch === 'riscv64') {
    const low = await word(GOLDFISH);
    return ((await word(GOLDFISH + 4)) * 2 ** 32 + low) / 1e9;
  }
  const time = await qmp.ask<BrokenDown>('qom-get', { path: '/machine', property: 'rtc-time' });
  const { tm_year, tm_mon, tm_mday, tm_hour, tm_min, tm_sec } = time;
  const date = new Date(0);
  date.setUTCFullYear(tm_year + 1900, tm_mon, tm_mday);
  date.setUTCHours(tm_hour, tm_min, tm_sec);
  return date.getTime() / 1000;
}
