/** Path rules that need no look at the host's files: text, length, forbidden places, the project root. */
import { forbiddenPlace, forbiddenPlaceBelow, isStableDeviceName } from '../facts/forbidden_places.ts';
import type { Host } from '../facts/host.ts';
import type { HostSystem } from '../facts/host_facts.ts';
import { isDriveRelative, isInside, parentOf } from '../facts/host_paths.ts';
import { holdsShellText, overlongPath } from '../facts/path_text.ts';
import { windowsNameProblem } from '../facts/windows_names.ts';
import type { IssueList } from '../profile/issue.ts';
import { show } from '../profile/show.ts';
import { byteLength } from '../profile/text.ts';
import { type NamedPath, naming } from './named_path.ts';
import { isStray, type PathNeed, traitsOf } from './need.ts';
import type { PathTraits } from './need_kind.ts';

/** `sun_path` of unix(4) less the closing NUL, in bytes. */
const LONGEST_SOCKET: Readonly<Record<HostSystem, number>> = {
  linux: 107,
  windows: 107,
  darwin: 103,
  freebsd: 103,
};

/** Of a path that nothing needs, as in a disabled section, only the text is looked at. */
export function checkUnusedPath(named: NamedPath, { facts }: Host, issues: IssueList): void {
  spaceRule(named, issues);
  if (shellRule(named, issues)) return;
  urlRule(named, issues);
  windowsRule(named, facts.os, issues);
  if (forbiddenRule(named, {}, named.path, facts.os, issues)) return;
  nameRule(named, facts.os, issues);
}

/** Whether what is there can be told, and a plan may name it. */
export function checkPath(need: PathNeed, host: Host, issues: IssueList): boolean {
  const traits = traitsOf(need);
  const { os } = host.facts;
  // What a tool wrote into an image is no slip of the pen, and no shell will see it.
  if (need.namedBy === undefined) {
    spaceRule(need, issues);
    if (shellRule(need, issues)) return false;
    urlRule(need, issues);
    windowsRule(need, os, issues);
  }
  const realPath = host.probed?.paths.get(need.path)?.realPath ?? need.path;
  if (forbiddenRule(need, traits, realPath, os, issues)) return false;
  if (nameRule(need, os, issues)) return true;
  if (!lengthRules(need, traits, os, issues)) return true;
  if (traits.isDirectory !== true) fileRule(need, host, issues);
  if (isStray(need)) rootRule(need, traits, host, issues);
  return true;
}

function spaceRule(named: NamedPath, { warning }: IssueList): void {
  if (named.text.trim() === named.text) return;
  warning(named.at, 'path-outer-space', `${naming(named)}, which starts or ends with a space.`);
}

function shellRule(named: NamedPath, { error }: IssueList): boolean {
  if (!holdsShellText(named.text)) return false;
  const reason = 'a leading "~", "$" and backquotes are refused because no shell will expand them';
  error(named.at, 'shell-expansion', `${naming(named)}; ${reason}.`);
  return true;
}

/** What looks like a place on the network is a folder here, whose name ends with a colon. */
function urlRule(named: NamedPath, { warning }: IssueList): void {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(named.text)) return;
  warning(named.at, 'url-as-path', `${naming(named)}, which looks like a URL; plans name files of the host.`);
}

/** A backslash or a drive letter, which elsewhere are a part of a name and hardly ever meant as that. */
function windowsRule(named: NamedPath, os: HostSystem, { warning }: IssueList): void {
  if (os === 'windows' || !/^[A-Za-z]:|\\/.test(named.text)) return;
  warning(
    named.at,
    'windows-path',
    `${naming(named)}, which looks like a path of windows; on ${os} a backslash or a drive letter is a part of a name.`,
  );
}

const STABLE_NAMES_ONLY =
  'Write a name that stays with the device, below /dev/disk/by-id, /dev/disk/by-partuuid, /dev/mapper, /dev/zvol or that of its volume group.';

function forbiddenRule(
  named: NamedPath,
  { isDirectory, isDevice }: Pick<PathTraits, 'isDirectory' | 'isDevice'>,
  realPath: string,
  os: HostSystem,
  { error }: IssueList,
): boolean {
  const { text, path } = named;
  if (isDevice === true && isStableDeviceName(path)) return false;
  const isLink = realPath !== path;
  const place =
    forbiddenPlace(os, text) ??
    (path === text ? null : forbiddenPlace(os, path)) ??
    (isLink ? forbiddenPlace(os, realPath) : null);
  const below = isDirectory
    ? (forbiddenPlaceBelow(os, path) ?? (isLink ? forbiddenPlaceBelow(os, realPath) : null))
    : null;
  if (place === null && below === null) return false;
  error(
    named.at,
    'forbidden-path',
    place === null
      ? `${naming(named)}; sharing it would share ${below}.`
      : `${naming(named)}, which leads to ${place}; no plan may name that place.`,
    isDevice === true ? STABLE_NAMES_ONLY : undefined,
  );
  return true;
}

/** Whether the system has no file of such a name. */
function nameRule(named: NamedPath, os: HostSystem, { error }: IssueList): boolean {
  const problem = os === 'windows' ? windowsNameProblem(named.text) : null;
  if (problem === null) return false;
  error(named.at, 'invalid-file-name', (field) => `${field} ${problem}.`);
  return true;
}

/** Whether a path is short enough for the other rules to look at it. */
function lengthRules(
  need: PathNeed,
  { isSocket }: PathTraits,
  os: HostSystem,
  { error }: IssueList,
): boolean {
  const overlong = overlongPath(os, need.path);
  if (overlong !== null) {
    error(need.at, 'path-too-long', (field) => `${field} ${overlong}.`);
    return false;
  }
  if (isDriveRelative(os, need.text)) {
    error(
      need.at,
      'drive-relative-path',
      `${naming(need)}, which depends on the current directory of a drive.`,
    );
    return false;
  }
  const bytes = byteLength(need.path);
  const limit = LONGEST_SOCKET[os];
  if (isSocket && bytes > limit) {
    error(
      need.at,
      'socket-path-too-long',
      (field) => `${field} resolves to ${bytes} bytes; a unix socket has at most ${limit} on ${os}.`,
    );
  }
  return true;
}

function fileRule(need: PathNeed, { facts }: Host, { error }: IssueList): void {
  const { text, path } = need;
  const endsInSeparator = (facts.os === 'windows' ? /[\\/]$/ : /\/$/).test(text);
  const isDirectory = path === facts.project_root || path === parentOf(facts.os, path);
  if (endsInSeparator || isDirectory)
    error(need.at, 'path-not-a-file', `${naming(need)}, which names a directory.`);
}

function rootRule(
  need: PathNeed,
  { isCreated, isInRoot }: PathTraits,
  { facts, strictPaths }: Host,
  issues: IssueList,
): void {
  const mustBeInside = isInRoot === true || (isCreated === true && !isUnderTmp(need, facts.os));
  const isError = strictPaths || mustBeInside;
  issues.add(
    isError ? 'error' : 'warning',
    need.at,
    'outside-project-root',
    `${naming(need)}, which leads to ${show(need.path)}, outside the project root ${show(facts.project_root)}.`,
    isError ? undefined : 'Use a path in the project root unless that is meant.',
  );
}

function isUnderTmp(need: PathNeed, os: HostSystem): boolean {
  const mayBe = need.kind === 'socket' && need.mayBeInTmp && os !== 'windows';
  return mayBe && need.path !== '/tmp' && isInside(os, '/tmp', need.path);
}
