/** Channels between a program of the guest and one of the host: the guest finds each by its name. */
import { namedPath } from '../needs/named_path.ts';
import { list, path, table, text } from '../profile/key.ts';
import { defaultSocket } from './default_socket.ts';
import { duplicateNames, MOST_DEVICES } from './names.ts';
import type { Topic } from './topic.ts';

const CHANNEL = table('A channel.', {
  name: text('What the guest finds it by, in /dev/virtio-ports/. Unique among the channels.', {
    required: true,
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
    mistake: {
      code: 'invalid-name',
      must: 'start with a letter or a digit and go on with letters, digits, ".", "_" and "-", at most 64 characters in all',
      suggestion: 'Write a name such as "org.example.agent.0".',
      coversBlank: true,
    },
    examples: ['org.example.agent.0'],
  }),
  socket: path(
    'The unix socket that QEMU listens on, at most 107 bytes once resolved. Default `run/<vm.name>.<name>.channel.sock`.',
    {},
  ),
});

export const CHANNELS = list(CHANNEL, 'Channels to programs of the guest, in order.', {
  most: MOST_DEVICES,
  since: 2,
});

/** What they are to QEMU is said beside the controller that they hang on. */
export const channels: Topic = {
  /** A socket that is the default is as good as none. */
  complete: ({ vm, channels = [] }) => {
    for (const channel of channels)
      if (channel.socket === defaultChannelSocket(vm.name, channel.name)) channel.socket = undefined;
  },
  checkProfile: ({ channels = [] }, issues) => {
    duplicateNames([{ elements: channels, placeOf: (index) => ['channels', index, 'name'] }], issues);
  },
  needs: ({ vm, channels = [] }, facts) =>
    channels.flatMap(({ name, socket = defaultChannelSocket(vm.name, name) }, index) =>
      socket === undefined
        ? []
        : [
            {
              kind: 'socket',
              ...namedPath(facts, ['channels', index, 'socket'], socket),
              of: 'channel',
              mayBeInTmp: false,
            },
          ],
    ),
};

export function defaultChannelSocket(
  vmName: string | undefined,
  name: string | undefined,
): string | undefined {
  return defaultSocket(vmName, name, 'channel');
}
