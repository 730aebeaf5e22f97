/** Small devices that the guest has a driver for, each with its own file. */
import { table } from '../profile/key.ts';
import { BALLOON_KEYS } from './balloon.ts';
import { PANIC_KEYS } from './panic.ts';
import { RNG_KEYS } from './rng.ts';
import { VSOCK_KEYS } from './vsock.ts';
import { WATCHDOG_KEYS } from './watchdog.ts';

export const DEVICES = table(
  'Small devices that the guest has a driver for.',
  { ...RNG_KEYS, ...BALLOON_KEYS, ...PANIC_KEYS, ...WATCHDOG_KEYS, ...VSOCK_KEYS },
  { since: 2 },
);
