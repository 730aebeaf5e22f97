/** Host directories that the guest sees, over 9p or virtiofs. */
import type { HostFacts, HostSystem } from '../facts/host_facts.ts';
import { absolutePath, namedPath } from '../needs/named_path.ts';
import type { Need } from '../needs/need.ts';
import type { Path } from '../profile/path.ts';
import { show } from '../profile/show.ts';
import { optionValue } from '../qemu/escape.ts';
import { isShare } from './disk_keys.ts';
import { checkBackend } from './host_backends.ts';
import { checkOnlyFor } from './only_for.ts';
import { type Part, part } from './part.ts';
import { pathWhy } from './path_why.ts';
import type { Draft, Issues } from './profile.ts';
import type { Share } from './share_keys.ts';
import type { Topic } from './topic.ts';
import { defaultVirtiofsSocket, virtiofsHelper, virtiofsNeeds, virtiofsParts } from './virtiofs.ts';

export const share: Topic = {
  /** A socket that is the default is as good as none. */
  complete: ({ vm, shares = [] }) => {
    for (const share of shares)
      if (share.socket === defaultVirtiofsSocket(vm.name, share.name)) share.socket = undefined;
  },
  checkProfile: ({ storage: { disks = [] }, shares = [] }, issues) => {
    const { error, warning } = issues;
    for (const [index, share] of shares.entries()) {
      typeRules(share, index, issues);
      if (share.type !== '9p' || share.security_model !== 'passthrough') continue;
      warning(
        ['shares', index, 'security_model'],
        'share-needs-root',
        (field) => `${field} is "passthrough", which works only where QEMU runs as root.`,
      );
    }
    for (const [index, disk] of disks.entries()) {
      if (!isShare(disk)) continue;
      if (disk.size_gb !== undefined) {
        error(
          ['storage', 'disks', index, 'size_gb'],
          'size-on-share',
          (field) => `${field} is ${disk.size_gb}; a "host-path" share has no size.`,
        );
      }
      if (disk.boot === true) {
        error(
          ['storage', 'disks', index, 'boot'],
          'boot-on-share',
          (field) => `${field} is true; a VM cannot boot from a "host-path" share.`,
        );
      }
    }
  },
  checkOnHost: ({ storage: { disks = [] }, shares = [] }, { facts: { os } }, issues) => {
    for (const [index, { format }] of disks.entries())
      checkBackend(['storage', 'disks', index, 'format'], format, os, issues);
    for (const [index, { type }] of shares.entries())
      if (type !== undefined)
        checkOnlyFor(
          ['shares', index, 'type'],
          show(type),
          [{ on: 'os', is: os, allowed: SHARE_SYSTEMS[type], instead: insteadOf(type, os) }],
          issues,
        );
  },
  needs: ({ schema_version, vm, storage: { disks = [] }, shares = [] }, facts) => [
    ...disks.flatMap((disk, index) =>
      isShare(disk) ? directoryNeeds(['storage', 'disks', index, 'path'], disk, schema_version, facts) : [],
    ),
    ...shares.flatMap((share, index) => [
      ...directoryNeeds(
        ['shares', index, 'path'],
        { ...share, isMapped: isMapped(share) },
        schema_version,
        facts,
      ),
      ...(share.type === 'virtiofs' ? virtiofsNeeds(vm.name, share, index, facts) : []),
    ]),
  ],
  slots: ({ storage: { disks = [] }, shares = [] }) => [
    { at: ['storage', 'disks'], slots: disks.filter(isShare).length },
    { at: ['shares'], slots: shares.length },
  ],
  helpers: ({ vm, shares }, { facts }) =>
    shares.filter(({ type }) => type === 'virtiofs').map((share) => virtiofsHelper(vm.name, share, facts)),
  args: ({ vm, storage: { disks }, shares }, { facts }) => [
    ...disks.flatMap((disk, index) =>
      isShare(disk) ? sharePart('/storage/disks', index, { ...disk, model: 'none' }, ['format'], facts) : [],
    ),
    ...shares.flatMap((share, index) =>
      share.type === 'virtiofs'
        ? virtiofsParts(vm.name, share, index, facts)
        : [sharePart('/shares', index, { ...share, model: share.security_model }, SHARE_KEYS, facts)],
    ),
  ],
};

/** The host systems on which each type works. */
export const SHARE_SYSTEMS: Readonly<Record<Share['type'], readonly string[]>> = {
  '9p': ['linux', 'darwin'],
  virtiofs: ['linux'],
};

function insteadOf(type: Share['type'], os: HostSystem): string {
  return type === 'virtiofs' && SHARE_SYSTEMS['9p'].includes(os)
    ? 'Write type = "9p".'
    : `Hand files over in a disk, or over the network: QEMU for ${os} shares no directory.`;
}

/** Keys that only one type has; what is the default says nothing. */
function typeRules(
  { type, security_model, cache, socket }: NonNullable<Draft['shares']>[number],
  index: number,
  issues: Issues,
): void {
  const onlyForType = (
    key: 'security_model' | 'cache' | 'socket',
    value: string | undefined,
    allowed: Share['type'],
  ): void => {
    if (value === undefined) return;
    const instead = `Remove it, or write type = "${allowed}".`;
    const conditions = [{ on: 'type', is: type, allowed: [allowed], instead }] as const;
    checkOnlyFor(['shares', index, key], show(value), conditions, issues);
  };
  onlyForType('security_model', security_model === 'none' ? undefined : security_model, '9p');
  onlyForType('cache', cache === 'auto' ? undefined : cache, 'virtiofs');
  onlyForType('socket', socket, 'virtiofs');
}

function isMapped({ type, security_model }: NonNullable<Draft['shares']>[number]): boolean {
  return type === '9p' && security_model === 'mapped-xattr';
}

function directoryNeeds(
  at: Path,
  {
    path,
    readonly,
    isMapped = false,
  }: {
    readonly path: string | undefined;
    readonly readonly: boolean | undefined;
    readonly isMapped?: boolean;
  },
  version: number | undefined,
  facts: HostFacts,
): Need[] {
  if (path === undefined) return [];
  const access = readonly === true ? 'read' : 'write';
  return [
    {
      kind: 'directory',
      ...namedPath(facts, at, path),
      access,
      ...(isMapped && { isMapped }),
      mayBeMade: version === 2,
    },
  ];
}

/** Keys of `[[shares]]` that a disk of the format `host-path` does not have. */
const SHARE_KEYS = ['type', 'security_model'];

type Shared = Pick<Share, 'name' | 'path' | 'readonly'> & { readonly model: Share['security_model'] };

/** A share of either list; the keys are those of the list besides. */
function sharePart(
  list: string,
  index: number,
  { name, path, readonly, model }: Shared,
  keys: readonly string[],
  facts: HostFacts,
): Part {
  const at = `${list}/${index}`;
  const absolute = absolutePath(facts, path);
  const end = readonly ? ',readonly=on' : '';
  return part(
    'shares',
    ['name', 'path', ...keys, ...(readonly ? ['readonly'] : [])].map((key) => `${at}/${key}`),
    [
      '-fsdev',
      `local,path=${optionValue(absolute)},security_model=${model},id=${name}${end}`,
      '-device',
      `virtio-9p-pci,fsdev=${name},mount_tag=${name}`,
    ],
    { mayBeDefault: true, why: pathWhy(absolute, path), element: { name, list, index } },
  );
}
