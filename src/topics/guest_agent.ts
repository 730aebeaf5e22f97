/** The channel of the QEMU guest agent, by which the host asks and tells a guest in which that program runs. */
import { namedPath } from '../needs/named_path.ts';
import { flag, path, table } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { defaultSocket } from './default_socket.ts';
import type { Topic } from './topic.ts';

export const GUEST_AGENT = table(
  'The channel of the QEMU guest agent.',
  {
    enabled: flag('Whether the guest has it.', { default: false }),
    socket: path(
      'The unix socket that QEMU listens on, at most 107 bytes once resolved. Whoever can open it can run programs in the guest. Default `run/<vm.name>.qga.sock`.',
      {},
    ),
  },
  { switch: 'enabled', since: 2 },
);

/** The name by which the agent looks for its channel. */
export const AGENT_NAME = 'org.qemu.guest_agent.0';

/** What it is to QEMU is said beside the controller that it hangs on. */
export const guestAgent: Topic = {
  /** A socket that is the default is as good as none. */
  complete: ({ vm, guest_agent }) => {
    const { socket } = guest_agent;
    if (socket !== undefined && socket === defaultAgentSocket(vm.name)) guest_agent.socket = undefined;
  },
  checkProfile: ({ channels = [], guest_agent: { enabled } }, { error }) => {
    const index = channels.findIndex(({ name }) => name === AGENT_NAME);
    if (enabled !== true || index === -1) return;
    error(
      ['channels', index, 'name'],
      'duplicate-name',
      (field) => `${field} is ${show(AGENT_NAME)}, the channel of the guest agent, which is enabled.`,
    );
  },
  needs: ({ vm, guest_agent: { enabled, socket = defaultAgentSocket(vm.name) } }, facts) =>
    enabled !== true || socket === undefined
      ? []
      : [
          {
            kind: 'socket',
            ...namedPath(facts, ['guest_agent', 'socket'], socket),
            of: 'guest-agent',
            mayBeInTmp: false,
          },
        ],
};

export function defaultAgentSocket(vmName: string | undefined): string | undefined {
  return defaultSocket(vmName, 'qga');
}
