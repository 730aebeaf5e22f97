/** Addresses that something of a VM listens on. */
import type { Mistake } from '../profile/key.ts';

export const LOOPBACK = '127.0.0.1';

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const IPV4 = `${OCTET}(?:[.]${OCTET}){3}`;
const GROUP = '[0-9A-Fa-f]{1,4}';
/** Eight groups, or fewer with `::` in the place of the others. */
const IPV6 = [
  `(?:${GROUP}:){7}${GROUP}`,
  ...[1, 2, 3, 4, 5, 6].map((before) => `(?:${GROUP}:){1,${before}}(?::${GROUP}){1,${7 - before}}`),
  `(?:${GROUP}:){1,7}:`,
  `:(?:(?::${GROUP}){1,7}|:)`,
].join('|');

export const ADDRESS_PATTERN = `^(?:${IPV4}|${IPV6})$`;

export const ADDRESS_MISTAKE: Mistake = {
  code: 'invalid-address',
  must: 'be an IP address without brackets, such as 127.0.0.1 or ::1',
  suggestion: 'Write "127.0.0.1" for connections of this host only, or an address that the host has.',
  coversBlank: true,
};
