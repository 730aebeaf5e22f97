/** What is said of all VMs of a fleet in the end, host by host. */
import type { HostFacts } from '../facts/host_facts.ts';
import { type Conflict, conflictsOf } from './conflicts.ts';
import { type Fleet, fleetHash, type HostFleet, takersOf } from './fleet.ts';
import { type StartOrder, startOrder, type Wait } from './start_order.ts';

/** Members in the order of canonical JSON. */
export interface FleetSummary {
  readonly fleet_hash: string;
  /** In the order of their first VMs. */
  readonly hosts: readonly HostSummary[];
  /** Whether no request was refused and no conflict is an error. */
  readonly valid: boolean;
}

export interface HostSummary {
  readonly conflicts: readonly Conflict[];
  readonly cores: number;
  readonly host: HostFacts;
  readonly memory_mb: number;
  /** The ids of its VMs. */
  readonly start_order: readonly string[];
  readonly vms: number;
}

/** Gives way after each step; then the fleet takes no more requests. */
export function* fleetSummary(fleet: Fleet): Generator<void, FleetSummary> {
  const hosts: HostSummary[] = [];
  for (const host of fleet.hosts.values()) hosts.push(yield* hostSummary(host));
  const isAnyError = hosts.some(({ conflicts }) => conflicts.some(({ severity }) => severity === 'error'));
  return { fleet_hash: fleetHash(fleet), hosts, valid: !fleet.isAnyRefused && !isAnyError };
}

function* hostSummary(host: HostFleet): Generator<void, HostSummary> {
  const { ids, cores, memoryMb } = host;
  const order: StartOrder = yield* startOrder(ids.length, waitsIn(host));
  return {
    conflicts: yield* conflictsOf(host, order),
    cores,
    host: commonFacts(host),
    memory_mb: memoryMb,
    start_order: order.order.map((vm) => ids[vm] as string),
    vms: ids.length,
  };
}

/** Of the host that was looked at no firmware: it is looked for only where a profile asks for some. */
function commonFacts({ facts, capacity }: HostFleet): HostFacts {
  if (capacity === null) return facts;
  const { firmware: _, ...common } = facts;
  return common;
}

/** Of several VMs that have what is wanted, which is a conflict, the first counts. */
function waitsIn(host: HostFleet): Wait[] {
  const firsts = new Map<string, number | undefined>();
  for (const { key } of host.wanted) if (!firsts.has(key)) firsts.set(key, takersOf(host, key)[0]?.vm);
  return host.wanted.flatMap(({ vm, pointer, key }) => {
    const on = firsts.get(key) ?? vm;
    return on === vm ? [] : [{ vm, on, pointer }];
  });
}

/** Texts of one list that are written in one piece. */
const PIECE = 1000;

/** The text of the members in pieces, since there can be many VMs. Gives way after each. */
export function* summaryText({ fleet_hash, hosts, valid }: FleetSummary): Generator<string> {
  yield `"fleet_hash":${JSON.stringify(fleet_hash)},"hosts":[`;
  for (const [index, host] of hosts.entries()) {
    const { conflicts, start_order, ...rest } = host;
    yield `${index === 0 ? '' : ','}{"conflicts":[`;
    for (const [index, { ids, message, pointers, code, ...end }] of conflicts.entries()) {
      yield `${index === 0 ? '' : ','}{"code":${JSON.stringify(code)},"ids":`;
      yield* listText(ids);
      yield `,"message":${JSON.stringify(message)},"pointers":`;
      yield* listText(pointers);
      yield `,${JSON.stringify(end).slice(1)}`;
    }
    const { vms, ...middle } = rest;
    yield `],${JSON.stringify(middle).slice(1, -1)},"start_order":`;
    yield* listText(start_order);
    yield `,"vms":${vms}}`;
  }
  yield `],"valid":${valid}`;
}

function* listText(texts: readonly string[]): Generator<string> {
  yield '[';
  for (let first = 0; first < texts.length; first += PIECE) {
    const piece = JSON.stringify(texts.slice(first, first + PIECE)).slice(1, -1);
    yield first === 0 ? piece : `,${piece}`;
  }
  yield ']';
}
