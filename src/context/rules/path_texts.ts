/** Path rules that need no look at the host's files: text, length, forbidden places, the project root. */
import { fieldOf } from '../../profile/field_path.ts';
import type { Findings } from '../../profile/issue.ts';
import { show } from '../../profile/show.ts';
import { byteLength } from '../../profile/text.ts';
import { forbiddenPlace, forbiddenPlaceBelow } from '../forbidden_places.ts';
import type { Host, HostSystem } from '../host_facts.ts';
import { componentsOf, isDriveRelative, isInside, parentOf } from '../host_paths.ts';
import { isSocket, isWrittenByQemu, type PathUse } from '../path_uses.ts';

const LONGEST_PATH = 4095;
const LONGEST_COMPONENT = 255;
/** `sun_path` of unix(4) less the closing NUL, in bytes. */
const LONGEST_SOCKET: Readonly<Record<HostSystem, number>> = {
  linux: 107,
  windows: 107,
  darwin: 103,
  freebsd: 103,
};

export function pathTextRules(use: PathUse, host: Host, findings: Findings): void {
  const isChecked = use.isOrdinary && host.sight === null;
  if (!isChecked && !plainRules(use, host, findings)) return;
  if (!use.isInsideRoot && use.purpose !== 'unused' && use.purpose !== 'binary')
    rootRule(use, host, findings);
}

/** All rules but for the project root; whether that one is to be asked too. */
function plainRules(use: PathUse, host: Host, findings: Findings): boolean {
  spaceRule(use, findings);
  if (shellRule(use, findings) || forbiddenRule(use, host, findings)) return false;
  if (use.purpose === 'unused' || !lengthRules(use, host, findings)) return false;
  fileRule(use, host, findings);
  return true;
}

/** Whether a text would be changed by a shell: what is refused in every path. */
export function holdsShellText(text: string): boolean {
  return text.startsWith('~') || /[$`]/.test(text);
}

/** Bytes of a path and of its longest component, when either is over its limit; else `null`. */
export function overlongPath(os: HostSystem, absolute: string): string | null {
  // A character has at most three bytes for each unit that `length` counts.
  if (absolute.length * 3 <= LONGEST_COMPONENT) return null;
  const bytes = byteLength(absolute);
  if (bytes > LONGEST_PATH) return `resolves to ${bytes} bytes; a path has at most ${LONGEST_PATH}`;
  const longest = Math.max(0, ...componentsOf(os, absolute).map(byteLength));
  return longest > LONGEST_COMPONENT
    ? `has a component of ${longest} bytes; a component has at most ${LONGEST_COMPONENT}`
    : null;
}

function spaceRule({ at, text }: PathUse, { warning }: Findings): void {
  if (text.trim() === text) return;
  warning(
    at,
    'path-outer-space',
    `${fieldOf(at)} is ${show(text)}, which starts or ends with a space.`,
    'Remove the space unless the file is called so.',
  );
}

function shellRule({ at, text }: PathUse, { error }: Findings): boolean {
  if (!holdsShellText(text)) return false;
  error(
    at,
    'shell-expansion',
    `${fieldOf(at)} is ${show(text)}; a leading "~", "$" and backquotes are refused because no shell will expand them.`,
    'Write the path itself.',
  );
  return true;
}

function forbiddenRule(use: PathUse, { facts, sight }: Host, { error }: Findings): boolean {
  const { os } = facts;
  const seen = use.purpose === 'unused' ? undefined : sight?.paths.get(use.absolute)?.realPath;
  const real = seen ?? use.absolute;
  const place = forbiddenPlace(os, use.text) ?? forbiddenPlace(os, use.absolute) ?? forbiddenPlace(os, real);
  const below =
    use.purpose === 'share' ? (forbiddenPlaceBelow(os, use.absolute) ?? forbiddenPlaceBelow(os, real)) : null;
  if (place === null && below === null) return false;
  error(
    use.at,
    'forbidden-path',
    place === null
      ? `${fieldOf(use.at)} is ${show(use.text)}; sharing it would share ${below}.`
      : `${fieldOf(use.at)} is ${show(use.text)}, which leads to ${place}; no plan may name that place.`,
    'Use a path in the project root.',
  );
  return true;
}

function lengthRules(use: PathUse, { facts }: Host, { error }: Findings): boolean {
  const overlong = overlongPath(facts.os, use.absolute);
  if (overlong !== null) {
    error(use.at, 'path-too-long', `${fieldOf(use.at)} ${overlong}.`, 'Use a shorter path.');
    return false;
  }
  if (isDriveRelative(facts.os, use.text)) {
    error(
      use.at,
      'drive-relative-path',
      `${fieldOf(use.at)} is ${show(use.text)}, which depends on the current directory of a drive.`,
      'Write a path with "\\" after the drive, or one relative to the project root.',
    );
    return false;
  }
  const bytes = byteLength(use.absolute);
  const limit = LONGEST_SOCKET[facts.os];
  if (!isSocket(use) || bytes <= limit) return true;
  error(
    use.at,
    'socket-path-too-long',
    `${fieldOf(use.at)} resolves to ${bytes} bytes; a unix socket has at most ${limit} on ${facts.os}.`,
    'Use a shorter path.',
  );
  return true;
}

function fileRule(use: PathUse, { facts }: Host, { error }: Findings): void {
  if (use.purpose === 'share') return;
  const endsInSeparator = (facts.os === 'windows' ? /[\\/]$/ : /\/$/).test(use.text);
  const isDirectory =
    use.absolute === facts.project_root || use.absolute === parentOf(facts.os, use.absolute);
  if (!endsInSeparator && !isDirectory) return;
  error(
    use.at,
    'path-not-a-file',
    `${fieldOf(use.at)} is ${show(use.text)}, which names a directory.`,
    'Write the path of a file.',
  );
}

function rootRule(use: PathUse, { facts, strictPaths }: Host, { error, warning }: Findings): void {
  const isUnderTmp =
    use.purpose === 'qmp-socket' &&
    facts.os !== 'windows' &&
    use.absolute !== '/tmp' &&
    isInside(facts.os, '/tmp', use.absolute);
  const isError = strictPaths || (isWrittenByQemu(use) && !isUnderTmp);
  (isError ? error : warning)(
    use.at,
    'outside-project-root',
    `${fieldOf(use.at)} is ${show(use.text)}, which leads to ${show(use.absolute)}, outside the project root ${show(facts.project_root)}.`,
    isError ? 'Use a path in the project root.' : 'Use a path in the project root unless that is meant.',
  );
}
