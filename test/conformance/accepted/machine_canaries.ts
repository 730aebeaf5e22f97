/** Faults in the machine of version 2. */
import { replaced, withValue } from '../refused/refused_case.ts';
import { small2 } from '../small_profile.ts';
import type { Canary } from './canaries.ts';

const PC = small2('x86_64', { machine: { type: 'q35', hpet: false, acpi: false } });
const ARM = small2('aarch64', { machine: { type: 'virt', virtualization: true } });

const NODES = small2('x86_64', {
  hardware: { cores: 4, topology: { sockets: 1, cores: 2, threads: 2 } },
  memory: { shared: true, max_mb: 1024, slots: 2 },
  numa: [
    { cpus: [0, 1], memory_mb: 512 },
    { cpus: [2, 3], memory_mb: 0 },
  ],
});

export function machineCanaries(): Canary[] {
  return [
    {
      name: 'memory that nobody else can map',
      profile: NODES,
      field: 'memory backends',
      edit: (argv) => replaced(argv, ',share=on', ',share=off'),
    },
    {
      name: 'memory that can grow less',
      profile: NODES,
      field: 'memory growth',
      edit: (argv) => replaced(argv, 'maxmem=1024M', 'maxmem=768M'),
    },
    {
      name: 'processors in each other’s node',
      profile: NODES,
      field: 'NUMA nodes',
      edit: (argv) =>
        replaced(
          replaced(replaced(argv, 'nodeid=0', 'nodeid=2'), 'nodeid=1', 'nodeid=0'),
          'nodeid=2',
          'nodeid=1',
        ),
    },
    {
      name: 'other processors',
      profile: NODES,
      field: 'topology',
      edit: (argv) => replaced(argv, 'sockets=1,cores=2,threads=2', 'sockets=2,cores=2,threads=1'),
    },
    {
      name: 'another machine',
      profile: PC,
      field: 'machine',
      edit: (argv) => withValue(argv, '-machine', 'pc-q35-7.1,hpet=off,acpi=off'),
    },
    {
      name: 'a timer that is not asked for',
      profile: PC,
      field: 'machine switches',
      edit: (argv) => replaced(argv, ',hpet=off', ''),
    },
    {
      name: 'ACPI that is not asked for',
      profile: PC,
      field: 'machine switches',
      edit: (argv) => replaced(argv, ',acpi=off', ''),
    },
    {
      name: 'no virtualization',
      profile: ARM,
      field: 'machine switches',
      edit: (argv) => replaced(argv, ',virtualization=on', ''),
    },
  ];
}
