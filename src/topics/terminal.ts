/** The terminal in which QEMU is started, and those that it makes: serial ports and consoles together. */
import { fieldOf } from '../profile/path.ts';
import type { CharacterDevice, PlacedDevice } from './character_device.ts';
import { placedConsoles } from './consoles.ts';
import type { Draft, ProfilePath } from './profile.ts';
import { serialPorts } from './serial.ts';
import type { Topic } from './topic.ts';

export const terminal: Topic = {
  checkProfile: (draft, { error, warning }) => {
    const [first, ...others] = ofMode(draft, 'stdio');
    for (const at of others) {
      error(
        at,
        'stdio-twice',
        (field) =>
          `${field} is "stdio", which ${fieldOf(first as ProfilePath)} is already; QEMU has one terminal.`,
      );
    }
    if (draft.process.daemonize !== true) return;
    const at = ['process', 'daemonize'] as const;
    if (first !== undefined) {
      error(
        at,
        'daemonize-with-stdio',
        (field) =>
          `${field} is true and ${fieldOf(first)} is "stdio"; a QEMU in the background has no terminal.`,
      );
    }
    const ptys = ofMode(draft, 'pty');
    if (ptys.length === 0) return;
    warning(
      at,
      'daemonize-with-pty',
      (field) =>
        `${field} is true and ${ptys.map(fieldOf).join(' and ')} is "pty"; QEMU names the terminal once, when it starts, and later only over QMP.`,
    );
  },
};

/** Where the modes are of all serial ports and consoles that have this one. */
function ofMode(draft: Draft, mode: CharacterDevice['mode']): ProfilePath[] {
  const devices: PlacedDevice[] = [...serialPorts(draft), ...placedConsoles(draft)];
  return devices
    .filter(({ device }) => device.mode === mode)
    .map(({ at }) => [...at, 'mode'] as unknown as ProfilePath);
}
