/** The keys of host directories that the guest sees. */
import { flag, list, path, table, type ValueOf, word } from '../profile/key.ts';
import { MOST_DEVICES, nameKey } from './names.ts';

export const SECURITY_MODELS = ['none', 'mapped-xattr', 'mapped-file', 'passthrough'] as const;
export const CACHES = ['auto', 'always', 'never', 'metadata'] as const;

const SHARE = table('A directory of the host that the guest sees.', {
  name: nameKey('The mount tag. Unique among disks, drives and shares.', 'source'),
  path: path('The directory.', { required: true }),
  type: word(
    ['9p', 'virtiofs'],
    'How the guest sees it. For `virtiofs` a step of the plan starts virtiofsd before QEMU; only on Linux hosts.',
    { default: '9p' },
  ),
  readonly: flag('The guest cannot write to it.', { default: false }),
  security_model: word(
    SECURITY_MODELS,
    'How owners and modes are kept over `9p`: `none` has files belong to the user of QEMU, `mapped-xattr` and `mapped-file` keep the guest’s beside the files, `passthrough` needs root.',
    { default: 'none' },
  ),
  cache: word(
    CACHES,
    'What a guest keeps of a `virtiofs`: `auto` for a short time, `always` for good, `never` nothing, `metadata` names and modes.',
    { default: 'auto' },
  ),
  socket: path(
    'The unix socket that virtiofsd listens on, at most 107 bytes once resolved; beside it virtiofsd writes a file of the same name with `.pid` after it. Default `run/<vm.name>.<name>.virtiofs.sock`.',
    {},
  ),
});

export const SHARES = list(SHARE, 'Shared directories, after the disks of the format `host-path`.', {
  most: MOST_DEVICES,
  since: 2,
});

export type Share = ValueOf<typeof SHARE>;

/** Where shares are that reach the guest through its memory. */
export function virtiofsPlaces(shares: readonly { readonly type: Share['type'] | undefined }[]): number[] {
  return shares.flatMap(({ type }, index) => (type === 'virtiofs' ? [index] : []));
}
