/** What QEMU may ask of the kernel. */
import { flag } from '../profile/key.ts';
import { fieldOf } from '../profile/path.ts';
import { checkOnlyFor } from './only_for.ts';
import { part } from './part.ts';
import type { Topic } from './topic.ts';

export const SANDBOX_KEYS = {
  sandbox: flag(
    'Whether the kernel refuses QEMU what it never needs, such as starting programs; only on linux hosts.',
    { default: false },
  ),
};

const FILTER = 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny';

export const sandbox: Topic = {
  checkProfile: ({ process: { sandbox }, network: { interfaces = [] } }, { error }) => {
    const bridged = interfaces.findIndex(({ type }) => type === 'bridge');
    if (sandbox !== true || bridged === -1) return;
    error(
      ['process', 'sandbox'],
      'sandbox-with-helper',
      (field) =>
        `${field} is true, and ${fieldOf(['network', 'interfaces', bridged, 'type'])} is "bridge", for which QEMU starts a helper; the sandbox kills it for that.`,
    );
  },
  checkOnHost: ({ process: { sandbox } }, { facts: { os } }, issues) => {
    if (sandbox !== true) return;
    checkOnlyFor(
      ['process', 'sandbox'],
      'true',
      [{ on: 'os', is: os, allowed: ['linux'], instead: 'Remove it, and run QEMU as a user of its own.' }],
      issues,
    );
  },
  args: ({ process: { sandbox } }) =>
    sandbox ? [part('machine', ['/process/sandbox'], ['-sandbox', FILTER])] : [],
};
