/** The controller that consoles, channels and agents hang on, and what each of them is to QEMU. */
import type { HostFacts } from '../facts/host_facts.ts';
import { absolutePath } from '../needs/named_path.ts';
import { show } from '../profile/show.ts';
import { optionValue } from '../qemu/escape.ts';
import { type JsonObject, jsonOption } from '../qemu/json_option.ts';
import { defaultChannelSocket } from './channels.ts';
import { characterDevicePart, chardevOption, socketChardev } from './character_device.ts';
import { placedConsoles } from './consoles.ts';
import { AGENT_NAME, defaultAgentSocket } from './guest_agent.ts';
import { type Part, part } from './part.ts';
import { defaultablePathWhy } from './path_why.ts';
import type { Draft, Profile } from './profile.ts';
import type { Topic } from './topic.ts';

const CONTROLLER = { driver: 'virtio-serial-pci', id: 'vser0' };
const BUS = 'vser0.0';
/** The name by which the agent of SPICE looks for its port. */
const SPICE_NAME = 'com.redhat.spice.0';
/** Ports for whatever; one more, the first, is for a console only. */
const MOST_PORTS = 30;

/** What hangs on the controller decides whether it is there. */
const DECIDED_BY = ['/consoles', '/channels', '/guest_agent/enabled', '/display/mode', '/display/agent'];

export const virtioSerial: Topic = {
  checkProfile: (draft, { error }) => {
    const { consoles = [], channels = [], display } = draft;
    const index = channels.findIndex(({ name }) => name === SPICE_NAME);
    if (hasSpiceAgent(display) && index !== -1) {
      error(
        ['channels', index, 'name'],
        'duplicate-name',
        (field) =>
          `${field} is ${show(SPICE_NAME)}, the port of the agent of SPICE, which display.agent asks for.`,
      );
    }
    const ports = portsOf(draft);
    const most = consoles.length > 0 ? MOST_PORTS + 1 : MOST_PORTS;
    if (ports <= most) return;
    error(
      channels.length > consoles.length ? ['channels'] : ['consoles'],
      'console-ports-over-controller',
      `The profile has ${ports} consoles and channels; their controller has ${most} ports${consoles.length > 0 ? '' : ' for channels'}.`,
    );
  },
  slots: (draft) => [{ at: ['consoles'], slots: portsOf(draft) > 0 ? 1 : 0 }],
  args: (profile, { facts }) => {
    if (portsOf(profile) === 0) return [];
    return [
      part('devices', [], device(CONTROLLER), {
        decidedBy: DECIDED_BY,
        element: { name: CONTROLLER.id, list: '/consoles', index: 0 },
        why: 'Consoles, channels and agents hang on one controller.',
      }),
      ...consoleParts(profile, facts),
      ...channelParts(profile, facts),
      ...agentParts(profile, facts),
      ...spiceParts(profile),
    ];
  },
};

function portsOf({ consoles = [], channels = [], guest_agent, display }: Draft): number {
  const agents = [guest_agent.enabled === true, hasSpiceAgent(display)].filter((isThere) => isThere);
  return consoles.length + channels.length + agents.length;
}

function hasSpiceAgent({ mode, agent }: Draft['display']): boolean {
  return mode === 'spice' && agent === true;
}

function device(object: JsonObject): string[] {
  return ['-device', jsonOption(object)];
}

function consoleParts(profile: Profile, facts: HostFacts): Part[] {
  return placedConsoles(profile).map((placed, index) => {
    const id = `console-${profile.consoles[index]?.name}`;
    const elements = [
      '-chardev',
      chardevOption(id, placed, facts),
      ...device({ bus: BUS, chardev: id, driver: 'virtconsole', id }),
    ];
    return characterDevicePart('devices', placed, elements, facts, {
      decidedBy: [],
      element: { name: id, list: '/consoles', index },
    });
  });
}

function channelParts({ vm, channels }: Profile, facts: HostFacts): Part[] {
  return channels.map(({ name, socket }, index) =>
    namedPort(`channel-${name}`, name, socket, defaultChannelSocket(vm.name, name) as string, facts, {
      pointers: [`/channels/${index}/name`, `/channels/${index}/socket`],
      decidedBy: [],
      element: { name: `channel-${name}`, list: '/channels', index },
    }),
  );
}

function agentParts({ vm, guest_agent: { enabled, socket } }: Profile, facts: HostFacts): Part[] {
  if (!enabled) return [];
  return [
    namedPort('guest-agent', AGENT_NAME, socket, defaultAgentSocket(vm.name) as string, facts, {
      pointers: ['/guest_agent/socket'],
      decidedBy: ['/guest_agent/enabled'],
      element: { name: 'guest-agent', list: '/guest_agent', index: 0 },
    }),
  ];
}

/** The agent of SPICE talks to the viewer, through QEMU itself. */
function spiceParts({ display }: Profile): Part[] {
  if (!hasSpiceAgent(display)) return [];
  const id = 'spice-agent';
  const elements = ['-chardev', `spicevmc,id=${id},name=vdagent`, ...guestPort(id, SPICE_NAME)];
  return [
    part('devices', ['/display/agent'], elements, {
      decidedBy: ['/display/mode'],
      element: { name: id, list: '/display', index: 0 },
    }),
  ];
}

function guestPort(id: string, name: string): string[] {
  return device({ bus: BUS, chardev: id, driver: 'virtserialport', id, name });
}

/** A port that the guest finds by its name, and that leads to a unix socket. */
function namedPort(
  id: string,
  name: string,
  socket: string | undefined,
  fallback: string,
  facts: HostFacts,
  { pointers, decidedBy, element }: Pick<Part, 'pointers' | 'decidedBy' | 'element'>,
): Part {
  const text = socket ?? fallback;
  const absolute = absolutePath(facts, text);
  const elements = ['-chardev', socketChardev(id, optionValue(absolute)), ...guestPort(id, name)];
  return part('devices', pointers, elements, {
    mayBeDefault: true,
    why: defaultablePathWhy(absolute, text, fallback),
    decidedBy: socket === undefined ? [...decidedBy, '/vm/name'] : decidedBy,
    element,
  });
}
