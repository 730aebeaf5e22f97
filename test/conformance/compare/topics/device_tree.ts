/** `kernel.dtb`. */
import { makeDeviceTree } from '../../firmware_files.ts';
import { propertyOf } from './machine_type.ts';
import type { Asked, Topic } from './topic.ts';

function fileOf({ profile: { kernel }, place }: Asked): string {
  return kernel?.enabled === true && kernel.dtb !== undefined ? place(kernel.dtb) : '';
}

export const deviceTree: Topic = {
  make: (asked, lane) => {
    const file = fileOf(asked);
    if (file !== '') makeDeviceTree(asked.arch, file, lane);
  },
  means: (asked) => ({ 'device tree': fileOf(asked) }),
  seen: async ({ qmp }) => ({ 'device tree': await propertyOf(qmp, '/machine', 'dtb') }),
};
