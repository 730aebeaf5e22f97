/** What a profile does not say and its images do: the files that QEMU opens with them. */
import type { ProbedPath } from '../facts/host.ts';
import type { HostFacts } from '../facts/host_facts.ts';
import { isInside } from '../facts/host_paths.ts';
import { DEEPEST_CHAIN, type FileName } from '../facts/image.ts';
import type { ImageNeed } from './kinds/image.ts';
import type { ImageFileNeed } from './kinds/image_file.ts';
import type { Need } from './need.ts';

/** In the order in which QEMU opens them, disk by disk; as far as the images that name them were looked at. */
export function foundNeeds(
  needs: readonly Need[],
  paths: ReadonlyMap<string, ProbedPath>,
  facts: HostFacts,
): ImageFileNeed[] {
  const images = needs.filter((need): need is ImageNeed => need.kind === 'image');
  return images.flatMap((image) => filesBehind(image, paths, facts));
}

/** A file on the way from an image to the last one behind it. */
interface Link {
  readonly path: string;
  readonly access: 'read' | 'write';
  /** The real paths of the files before it, and its own. */
  readonly chain: readonly string[];
}

/** A base that QEMU is told of is a need of its own, and it follows no other. */
function filesBehind(
  { at, path, format, access, base }: ImageNeed,
  paths: ReadonlyMap<string, ProbedPath>,
  facts: HostFacts,
): ImageFileNeed[] {
  const found: ImageFileNeed[] = [];
  const isRefused = base !== 'followed';
  const follow = ({ path, access, chain }: Link, format: string | null): void => {
    const seen = paths.get(path);
    // QEMU takes the word of the profile, or of the header, for the format.
    if (seen?.header == null || (format !== null && format !== seen.header.format)) return;
    for (const name of seen.header.names) {
      if (name.role === 'backing' && base !== 'followed') continue;
      const real = name.path === null ? null : (paths.get(name.path)?.realPath ?? name.path);
      const end = endOf(name, real, chain);
      const use = name.role === 'backing' ? 'read' : access;
      const isInsideRoot = name.path !== null && isInside(facts.os, facts.project_root, name.path);
      const place = found.length + 1;
      found.push({
        kind: 'image-file',
        at,
        ...name,
        namedBy: path,
        isInsideRoot,
        access: use,
        place,
        end,
        isRefused,
      });
      if (name.role === 'backing' && name.path !== null && real !== null && end === null)
        follow({ path: name.path, access: 'read', chain: [...chain, real] }, name.format);
    }
  };
  const real = paths.get(path)?.realPath ?? path;
  follow({ path, access, chain: [real] }, format);
  return found;
}

function endOf({ role }: FileName, real: string | null, chain: readonly string[]): ImageFileNeed['end'] {
  if (real !== null && chain.includes(real)) return 'loop';
  return role === 'backing' && chain.length > DEEPEST_CHAIN ? 'too-deep' : null;
}
