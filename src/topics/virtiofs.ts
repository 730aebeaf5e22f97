/** Host directories that the guest sees through virtiofsd, a program that shares the memory of the guest. */
import { VIRTIOFSD } from '../facts/host.ts';
import type { HostFacts } from '../facts/host_facts.ts';
import { absolutePath, namedPath } from '../needs/named_path.ts';
import type { Need } from '../needs/need.ts';
import { optionValue } from '../qemu/escape.ts';
import { jsonOption } from '../qemu/json_option.ts';
import { defaultSocket } from './default_socket.ts';
import { type Helper, helperNeed } from './helper.ts';
import { type Part, part } from './part.ts';
import { defaultablePathWhy } from './path_why.ts';
import type { Draft } from './profile.ts';
import type { Share } from './share_keys.ts';

type DraftShare = NonNullable<Draft['shares']>[number];

/** As far as the names are known that it is made of. */
export function defaultVirtiofsSocket(
  vmName: string | undefined,
  name: string | undefined,
): string | undefined {
  return defaultSocket(vmName, name, 'virtiofs');
}

/** What a share needs besides the directory itself. */
export function virtiofsNeeds(
  vmName: string | undefined,
  share: DraftShare,
  index: number,
  facts: HostFacts,
): Need[] {
  const at = ['shares', index, 'socket'];
  const program = helperNeed('virtiofsd', ['shares', index, 'type'], {
    place: VIRTIOFSD,
    known: facts.virtiofsd,
  });
  const { name, socket = defaultVirtiofsSocket(vmName, name) } = share;
  if (socket === undefined) return [program];
  return [
    program,
    {
      kind: 'socket',
      ...namedPath(facts, at, socket),
      of: 'virtiofs',
      mayBeInTmp: false,
      listener: 'virtiofsd',
    },
    { kind: 'helper-file', ...namedPath(facts, at, `${socket}.pid`), program: 'virtiofsd' },
  ];
}

export function virtiofsHelper(vmName: string, share: Share, facts: HostFacts): Helper {
  const { name, path, readonly, cache } = share;
  const socket = absolutePath(facts, socketOf(vmName, share));
  return {
    program: 'virtiofsd',
    place: facts.virtiofsd ?? VIRTIOFSD,
    name,
    options: [
      ...['--socket-path', socket, '--shared-dir', absolutePath(facts, path)],
      ...['--sandbox', 'namespace', '--cache', cache, ...(readonly ? ['--readonly'] : [])],
    ],
    socket,
    title: `Start virtiofsd for the share ${name}`,
  };
}

export function virtiofsParts(vmName: string, share: Share, index: number, facts: HostFacts): Part[] {
  const { name } = share;
  const at = `/shares/${index}`;
  const text = socketOf(vmName, share);
  const absolute = absolutePath(facts, text);
  const chardev = `virtiofs-${name}`;
  const device = { driver: 'vhost-user-fs-pci', id: `share-${name}`, chardev, tag: name };
  return [
    part(
      'shares',
      [`${at}/name`, `${at}/type`, `${at}/socket`],
      [
        ...['-chardev', `socket,id=${chardev},path=${optionValue(absolute)}`],
        ...['-device', jsonOption(device)],
      ],
      {
        mayBeDefault: true,
        why: defaultablePathWhy(absolute, text, defaultVirtiofsSocket(vmName, name) as string),
        decidedBy: ['/vm/name'],
        element: { name, list: '/shares', index },
      },
    ),
  ];
}

function socketOf(vmName: string, { name, socket }: Share): string {
  return socket ?? (defaultVirtiofsSocket(vmName, name) as string);
}
