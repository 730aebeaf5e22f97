/** Two profiles of which the second is made from the first: what stays, what goes, what comes, and in which order. */
import fc from 'fast-check';
import type { ProfileDocument } from '../../src/topics/profile.ts';
import { baseProfile, type Document } from '../help/documents.ts';
import { type HostFacts, LINUX } from '../help/hosts.ts';
import { type ValidCase, validCase, validProfile } from './profile.ts';

export interface PlanPair {
  readonly before: { readonly document: unknown; readonly facts: HostFacts };
  /** Not always valid, since rules hold between what is put together. */
  readonly after: { readonly document: unknown; readonly facts: HostFacts };
}

interface Named {
  readonly name: string;
}

const SECTIONS = ['vm', 'hardware', 'serial', 'qmp', 'console', 'kernel'] as const;

export function planPair(): fc.Arbitrary<PlanPair> {
  return fc.oneof(
    { weight: 3, arbitrary: relatedPair() },
    {
      weight: 1,
      arbitrary: fc.tuple(validCase(), validCase()).map(([before, after]) => ({ before, after })),
    },
    { weight: 2, arbitrary: fc.tuple(crowded(), crowded()).map(([before, after]) => ({ before, after })) },
  );
}

/** Some sections, disks and interfaces of another profile of the same host, or the same on a host like it. */
function relatedPair(): fc.Arbitrary<PlanPair> {
  return validCase()
    .chain(({ document, facts }) =>
      fc.record({ document: fc.constant(document), facts: fc.constant(facts), other: validProfile(facts) }),
    )
    .chain(({ document, facts, other }) =>
      fc.record({
        before: fc.constant({ document, facts }),
        after: fc.record({
          document: mixed(document, other),
          facts: fc.constantFrom(facts, facts, { ...facts, accelerators: [] }),
        }),
      }),
    );
}

function mixed(document: ProfileDocument, other: ProfileDocument): fc.Arbitrary<Document> {
  return fc
    .record({
      sections: fc.subarray([...SECTIONS]),
      disks: mixedList(document.storage?.disks ?? [], other.storage?.disks ?? []),
      interfaces: mixedList(document.network?.interfaces ?? [], other.network?.interfaces ?? []),
    })
    .map(({ sections, disks, interfaces }) => {
      const taken = sections.map((section): [string, unknown] => [section, other[section]]);
      const boot = disks.findIndex((disk) => disk.boot);
      return {
        ...document,
        ...Object.fromEntries(taken.filter(([, value]) => value !== undefined)),
        storage: { disks: disks.map((disk, index) => (index === boot ? disk : { ...disk, boot: false })) },
        network: { interfaces },
      };
    });
}

/** Elements of two lists in any order; those of the second under their own names or under those of the first. */
function mixedList<Element extends Named>(
  list: readonly Element[],
  other: readonly Element[],
): fc.Arbitrary<Element[]> {
  const renamed = other.map((element, index) => ({ ...element, name: list[index]?.name ?? element.name }));
  const choice = fc.oneof(
    fc.constant([...list]),
    fc.subarray([...list]),
    fc.shuffledSubarray([...list]),
    fc.shuffledSubarray([...list, ...renamed, ...other]),
  );
  return choice.map((elements) =>
    elements.filter(({ name }, index) => elements.findIndex((each) => each.name === name) === index),
  );
}

/** Read-only disks of few images and few names, so that many parts of argv are alike. */
function crowded(): fc.Arbitrary<ValidCase> {
  const disk = fc.record({
    name: fc.constantFrom(...'abcdef'),
    path: fc.constantFrom('x', 'y', 'z'),
    format: fc.constantFrom('raw', 'raw', 'host-path'),
    readonly: fc.constant(true),
  });
  return fc
    .tuple(
      fc.uniqueArray(disk, { minLength: 1, maxLength: 6, selector: ({ name }) => name }),
      fc.option(fc.nat({ max: 5 })),
    )
    .map(([disks, boot]) => ({
      document: {
        ...(baseProfile() as unknown as ProfileDocument),
        storage: {
          disks: disks.map((each, index) =>
            index === boot && each.format === 'raw' ? { ...each, boot: true } : each,
          ),
        },
      },
      facts: LINUX,
    }));
}
