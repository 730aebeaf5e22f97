/** The disk that tells cloud-init how to set up a guest at its first boot. */
import { inputFileNeeds } from '../needs/kinds/input_file.ts';
import { path, table } from '../profile/key.ts';
import type { Topic } from './topic.ts';

export const SEED = table(
  'A disk that cloud-init reads at the first boot, labelled `cidata`. The guest sees it as a read-only virtio disk.',
  {
    path: path('The image, ISO 9660 or VFAT.', { required: true }),
    user_data: path('The file `user-data` that the image is made of; only a plan that prepares uses it.', {}),
    meta_data: path('The file `meta-data` that the image is made of; only a plan that prepares uses it.', {}),
    network_config: path(
      'The file `network-config` that the image is made of; only a plan that prepares uses it.',
      {},
    ),
  },
  { since: 2 },
);

export const seed: Topic = {
  needs: ({ storage: { seed } }, facts) =>
    inputFileNeeds(facts, ['storage', 'seed', 'path'], seed?.path, 'seed'),
  slots: ({ storage: { seed } }) => [{ at: ['storage', 'disks'], slots: seed === undefined ? 0 : 1 }],
};
