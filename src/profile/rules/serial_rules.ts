import type { Findings } from '../issue.ts';
import type { Draft } from '../profile.ts';

export function serialRules({ serial }: Draft, { error, warning, refused }: Findings): void {
  const { enabled, mode, device, logfile } = serial;
  if (enabled !== true || mode === undefined) return;
  if ((mode === 'pty' || mode === 'none') && device !== undefined) {
    error(
      ['serial', 'device'],
      'serial-device-not-used',
      `serial.device is set and serial.mode is "${mode}"; only the modes "socket" and "file" have a device.`,
      'Remove serial.device, or use mode = "socket" or "file".',
    );
  }
  if (mode !== 'file' && logfile !== undefined) {
    warning(
      ['serial', 'logfile'],
      'serial-logfile-ignored',
      `serial.logfile is set and serial.mode is "${mode}"; only the mode "file" writes one.`,
      'Remove serial.logfile, or use mode = "file".',
    );
  }
  const isMissing =
    logfile === undefined && device === undefined && !refused('serial.logfile') && !refused('serial.device');
  if (mode === 'file' && isMissing) {
    error(
      ['serial', 'logfile'],
      'missing-field',
      'serial.logfile is required when serial.mode is "file" and is not there.',
      'Add a path such as serial.logfile = "logs/serial.log".',
    );
  }
  if (mode === 'file' && logfile !== undefined && device !== undefined) {
    warning(
      ['serial', 'logfile'],
      'serial-logfile-wins',
      'serial.logfile and serial.device are both set; in the mode "file" the serial port is written to serial.logfile.',
      'Remove serial.device.',
    );
  }
}
