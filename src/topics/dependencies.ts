/** The VMs that have to be started before; nothing that QEMU is told. */
import { list, text } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { wordTwice } from './names.ts';
import type { Topic } from './topic.ts';
import { VM_NAME_MISTAKE, VM_NAME_PATTERN } from './vm.ts';

const MOST_VMS = 256;

export const DEPENDENCY_KEYS = {
  depends_on: list(
    text(null, { required: true, pattern: VM_NAME_PATTERN, mistake: VM_NAME_MISTAKE, examples: ['router'] }),
    'Names of other VMs that have to be started before this one; no effect on argv.',
    { most: MOST_VMS, since: 2 },
  ),
};

export const dependencies: Topic = {
  needs: ({ vm: { depends_on = [] } }) =>
    depends_on.flatMap((name, index) =>
      name === undefined ? [] : [{ kind: 'dependency', at: ['vm', 'depends_on', index], name }],
    ),
  checkProfile: ({ vm: { name, depends_on = [] } }, issues) => {
    for (const [index, needed] of depends_on.entries()) {
      if (needed === undefined) continue;
      const at = ['vm', 'depends_on', index] as const;
      if (needed === name) {
        issues.error(at, 'dependency-on-itself', (field) => `${field} is ${show(needed)}, which is this VM.`);
      } else if (depends_on.indexOf(needed) < index) wordTwice(at, needed, issues);
    }
  },
};
