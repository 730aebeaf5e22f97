/** The disk that tells cloud-init how to set up a guest at its first boot. */
import { inputFileNeeds } from '../needs/kinds/input_file.ts';
import { absolutePath, namedPath } from '../needs/named_path.ts';
import type { Need } from '../needs/need.ts';
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

const SOURCES = ['user_data', 'meta_data', 'network_config'] as const;

export const seed: Topic = {
  needs: ({ storage: { seed } }, facts) => {
    if (seed === undefined) return [];
    const { path, user_data, meta_data, network_config } = seed;
    const at = ['storage', 'seed'];
    const absolute = (text: string | undefined) => (text === undefined ? null : absolutePath(facts, text));
    const userData = absolute(user_data);
    const madeOf =
      userData === null
        ? undefined
        : { userData, metaData: absolute(meta_data), networkConfig: absolute(network_config) };
    const images = inputFileNeeds(facts, [...at, 'path'], path, 'seed');
    return images.flatMap((image): Need[] => [
      { ...image, ...(madeOf && { madeOf }) },
      ...SOURCES.flatMap((key): Need[] => {
        const text = seed[key];
        if (text === undefined) return [];
        return [{ kind: 'seed-source', ...namedPath(facts, [...at, key], text), seed: image.path }];
      }),
    ]);
  },
  slots: ({ storage: { seed } }) => [{ at: ['storage', 'disks'], slots: seed === undefined ? 0 : 1 }],
};
