/** `bridge` interfaces: QEMU's helper puts the card on a bridge of the host. */
import { interfacesOfType } from './network_keys.ts';
import { type DraftInterface, SCHEMA_VERSION } from './profile.ts';
import type { Topic } from './topic.ts';

export const bridge: Topic = {
  needs: (draft) =>
    interfacesOfType(draft, 'bridge').flatMap(({ one: { name, bridge }, at }) =>
      bridge === undefined
        ? []
        : [
            {
              kind: 'bridge' as const,
              at: [...at, 'type'],
              bridge,
              version: draft.schema_version ?? SCHEMA_VERSION,
              netdev: name,
            },
          ],
    ),
};

export function bridgeNetdev({ name, bridge }: DraftInterface): string {
  return `bridge,id=${name},br=${bridge}`;
}
