/** What Win32 makes of a name besides a file of that name. */
import { show } from '../profile/show.ts';
import { componentsOf } from './host_paths.ts';

/** A device in every directory, whatever follows a dot, a colon or spaces: `COM1`, `com1.log` and `nul .txt` are no files. */
const DEVICE = /^(con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³]|conin\$|conout\$) *(?:[.:]|$)/i;
const NO_NAME_HOLDS = /[<>"|?*]/;
/** On every machine these two are no shared folders, but what `\\.\pipe` and `\\.\mailslot` are on this one. */
const PIPES = /^[\\/]{2}[^\\/]+[\\/]+(pipe|mailslot) *(?:[\\/]|$)/i;
const SERVER_ALONE = /^[\\/]{2}(?![^\\/]+[\\/]+[^\\/])/;

/** The device, or the place of pipes, that a path leads to by another name; `null` where there is none. */
export function windowsDevice(path: string): string | null {
  const pipes = PIPES.exec(path)?.[1];
  if (pipes !== undefined) return `\\\\.\\${pipes.toLowerCase()}`;
  for (const component of namesIn(path)) {
    const device = DEVICE.exec(component)?.[1];
    if (device !== undefined) return `the device ${device.toUpperCase()}`;
  }
  return null;
}

/** Why no file can be called so, to complete a sentence about a path; `null` where one can. */
export function windowsNameProblem(path: string): string | null {
  if (SERVER_ALONE.test(path)) return 'starts as the name of a server does, and names no share of one';
  for (const component of namesIn(path)) {
    const character = NO_NAME_HOLDS.exec(component)?.[0];
    if (character !== undefined) return `holds ${character}, which no file name has on windows`;
    if (component.includes(':'))
      return 'holds a colon, after which windows takes the name of a stream of the file';
    if (component !== '..' && /[. ]$/.test(component))
      return `has the name ${show(component)}, which ends in a dot or a space; windows drops them and takes another file`;
  }
  return null;
}

/** The components without the drive. */
function namesIn(path: string): string[] {
  return componentsOf('windows', path.replace(/^[A-Za-z]:/, ''));
}
