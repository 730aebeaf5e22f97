/** Faults in the TPM and in shares by virtiofsd: in QEMU's argv, and in the steps before it. */
import { PLAIN_LANE } from '../lane.ts';
import { replaced, unchanged } from '../refused/refused_case.ts';
import { small2 } from '../small_profile.ts';
import type { Canary } from './canaries.ts';

const PROFILE = small2('x86_64', {
  tpm: { enabled: true, state_dir: 't/a' },
  shares: [
    { name: 'b', path: 's/b', type: 'virtiofs' },
    { name: 'c', path: 's/c' },
    { name: 'd', path: 's/d', type: 'virtiofs', readonly: true },
  ],
});

export function helperCanaries(): Canary[] {
  const of = (name: string, field: string, edit: Canary['edit']): Canary => ({
    name,
    profile: PROFILE,
    // swtpm takes no comma in its paths.
    lane: PLAIN_LANE,
    field,
    edit,
  });
  const beside = (name: string, field: string, from: string, to: string): Canary => ({
    ...of(name, field, unchanged),
    editHelper: (argv) => argv.map((element) => element.replace(from, to)),
  });
  const swapped = (element: string): string =>
    element.replace(/"virtiofs-([bd])"/, (_, name) => `"virtiofs-${name === 'b' ? 'd' : 'b'}"`);
  return [
    of('a TPM of another kind', 'TPM', (argv) => replaced(argv, '"tpm-crb"', '"tpm-tis"')),
    of('no TPM', 'TPM', (argv) => {
      const device = argv.findIndex((element) => element.includes('"tpm-crb"'));
      return [...argv.slice(0, device - 1), ...argv.slice(device + 1)];
    }),
    beside('a TPM of somebody else', 'TPM', '/t/a', '/t'),
    of('another tag over virtiofs', 'shares by virtiofsd', (argv) =>
      replaced(argv, '"tag":"b"', '"tag":"e"'),
    ),
    of('two shares over virtiofs in place of each other', 'shares by virtiofsd', (argv) => argv.map(swapped)),
    of('memory that virtiofsd cannot read', 'memory backends', (argv) =>
      replaced(argv, ',share=on', ',share=off'),
    ),
    beside('another directory over virtiofs', 'shares by virtiofsd', '/s/d', '/s'),
    beside('no directory over virtiofs', 'start', '/s/d', '/s/e'),
  ];
}
