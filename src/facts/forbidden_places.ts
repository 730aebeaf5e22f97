/** Places that no plan may name: the kernel's own trees, password files, and where people keep their keys. */
import type { HostSystem } from './host_facts.ts';
import { comparableName, componentsOf, isAbsolute } from './host_paths.ts';
import { windowsDevice } from './windows_names.ts';

const TREES = ['/proc', '/sys', '/dev', '/etc/shadow', '/etc/gshadow', '/etc/sudoers', '/etc/sudoers.d'];
const KEY_DIRECTORIES = [['.ssh'], ['.gnupg'], ['.aws'], ['.kube'], ['.docker'], ['.config', 'gcloud']];
/** Win32 device and verbatim namespaces, in which no other rule about paths holds. */
const DEVICE_NAMESPACE = /^[\\/]{2}[.?][\\/]|^[\\/]\?\?[\\/]/;

/**
 * What no path without a forbidden place matches: a component that starts as one of them does, in any case of letters,
 * or a character that some system may take for another one. Most paths need no closer look.
 */
const SUSPECT = /[^ -~]|~\d|(?:^|[\\/])(?:\.[^.\\/]|proc|sys|dev|etc)/i;

const TREE_COMPONENTS = TREES.map((tree) => ({ tree, components: tree.split('/').slice(1) }));

/** The forbidden place that a path names or lies in, as given or resolved; `null` for an ordinary path. */
export function forbiddenPlace(os: HostSystem, path: string): string | null {
  if (os === 'windows') {
    const device = DEVICE_NAMESPACE.exec(path)?.[0] ?? windowsDevice(path);
    if (device !== null) return device;
  }
  if (!SUSPECT.test(path)) return null;
  const components = placeComponents(os, path);
  if (isRooted(os, path)) {
    const inside = TREE_COMPONENTS.find((place) => startsWith(components, place.components));
    if (inside !== undefined) return inside.tree;
  }
  const keys = KEY_DIRECTORIES.find((names) =>
    components.some((_, index) => startsWith(components, names, index)),
  );
  return keys?.join('/') ?? null;
}

/** The forbidden place that sharing a directory would share too; `null` when there is none. */
export function forbiddenPlaceBelow(os: HostSystem, path: string): string | null {
  const components = placeComponents(os, path);
  const keys = KEY_DIRECTORIES.find(([first, second]) => second !== undefined && components.at(-1) === first);
  if (keys !== undefined) return keys.join('/');
  const isTop = isRooted(os, path);
  return TREE_COMPONENTS.find((place) => isTop && startsWith(place.components, components))?.tree ?? null;
}

function isRooted(os: HostSystem, path: string): boolean {
  return /^[\\/]/.test(path) && (os !== 'windows' || !isAbsolute(os, path));
}

/** The short names, of eight characters and three, that windows gives to the directories of keys besides their own. */
const SHORT_NAME = /^(ssh|gnupg|aws|kube|docker|config)~\d+$/;

function placeComponents(os: HostSystem, path: string): string[] {
  const names = componentsOf(os, path).map((part) => comparableName(os, part));
  const components = os === 'windows' ? names.map((name) => name.replace(SHORT_NAME, '.$1')) : names;
  // On darwin /etc is a link to /private/etc.
  return os === 'darwin' && components[0] === 'private' && components[1] === 'etc'
    ? components.slice(1)
    : components;
}

function startsWith(components: readonly string[], prefix: readonly string[], from = 0): boolean {
  return prefix.every((part, index) => components[from + index] === part);
}

/** Directories of names that stay with a device whatever else is plugged in. */
const STABLE_NAMES = /^\/dev\/(?:mapper|disk\/by-id|disk\/by-partuuid|zvol)\/./;
/** A logical volume: `/dev/GROUP/VOLUME`. Other directories of `/dev` hold other things. */
const LOGICAL_VOLUME =
  /^\/dev\/(?!(?:block|bsg|bus|char|cpu|disk|dma_heap|dri|fd|hugepages|input|mapper|mqueue|net|pts|shm|snd|vfio|vhost|zvol)\/)[^/]+\/[^/]+$/;

/** Whether a block device is named so that the name cannot come to mean another one. */
export function isStableDeviceName(path: string): boolean {
  return STABLE_NAMES.test(path) || LOGICAL_VOLUME.test(path);
}
