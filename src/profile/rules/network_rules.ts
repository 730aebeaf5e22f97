import { LONGEST_ARGUMENT } from '../argument_length.ts';
import type { Findings } from '../issue.ts';
import type { Draft, DraftInterface } from '../profile.ts';
import { show } from '../show.ts';
import { byteLength } from '../text.ts';
import { duplicateNames } from './duplicate_names.ts';
import { hostForwardRules } from './hostfwd_rules.ts';
import { macAddressRules } from './mac_rules.ts';

/** IFNAMSIZ of Linux less the closing NUL: the kernel cuts longer device names. */
const LONGEST_DEVICE_NAME = 15;

export function networkRules(draft: Draft, findings: Findings): void {
  const interfaces = draft.network.interfaces ?? [];
  duplicateNames(['network', 'interfaces'], interfaces, findings);
  for (const [index, netInterface] of interfaces.entries()) {
    deviceRules(index, netInterface, findings);
    forwardsOfInterface(index, netInterface, findings);
  }
  hostForwardRules(interfaces, findings);
  macAddressRules(draft.vm.name, interfaces, findings);
}

function deviceRules(index: number, { name, type }: DraftInterface, { error, warning }: Findings): void {
  if (type !== 'tap' && type !== 'bridge') return;
  const field = `network.interfaces[${index}]`;
  warning(
    ['network', 'interfaces', index, 'type'],
    'host-network-setup',
    `${field}.type is "${type}"; it needs ${type === 'tap' ? 'a tap device' : 'the bridge br0 and its helper'} on the host.`,
    'Let an administrator set it up, or use type = "user".',
  );
  if (type === 'tap' && name !== undefined && name.length > LONGEST_DEVICE_NAME) {
    error(
      ['network', 'interfaces', index, 'name'],
      'interface-name-too-long',
      `${field}.name has ${name.length} characters; the name of a tap device has at most ${LONGEST_DEVICE_NAME}.`,
      `Write a name of at most ${LONGEST_DEVICE_NAME} characters.`,
    );
  }
}

function forwardsOfInterface(
  index: number,
  { name, type, hostfwd }: DraftInterface,
  { error }: Findings,
): void {
  if (hostfwd === undefined || hostfwd.length === 0) return;
  const path = ['network', 'interfaces', index, 'hostfwd'];
  const field = `network.interfaces[${index}].hostfwd`;
  if (type !== undefined && type !== 'user') {
    error(
      path,
      'hostfwd-needs-user',
      `${field} has ${hostfwd.length} rules on type ${show(type)}; only a "user" interface forwards ports.`,
      'Remove hostfwd, or use type = "user".',
    );
  }
  const bytes =
    byteLength(`user,id=${name}`) +
    hostfwd.reduce((sum, rule) => sum + ',hostfwd='.length + (rule ?? '').length, 0);
  if (bytes > LONGEST_ARGUMENT) {
    error(
      path,
      'argument-too-long',
      `${field} makes an argument of ${bytes} bytes; an argument has at most ${LONGEST_ARGUMENT}.`,
      'Forward fewer ports, or spread them over several interfaces.',
    );
  }
}
