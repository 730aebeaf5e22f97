/**
 * The service beside libvirt, which writes the argv of an equivalent domain: `npm run bench:libvirt`. Installs nothing.
 * All in turn, slice by slice, with one client and with sixteen, and no two profiles or domains alike.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filled, nextNumbers, templateOf } from '../body_text.js';
import { findTool } from '../load.js';
import { ask, startService } from '../pair.js';
import { runToEnd } from '../run_to_end.js';
import { FOLDER } from '../server_process.js';
import { median } from '../statistics.js';
import { linesOf } from '../table.js';
import { HOST, PROFILE } from '../works.js';
import { openConnection, prepareLibvirt, runVirsh } from './libvirt.js';

const MANY = 16;
const ROUNDS = 8;
const MILLISECONDS = 1000;
/** What both argv must hold, for the same number. */
const SAME = ['/srv/lab/images/kernel-root.qcow2', '/srv/linux-source', '-cpu max', '-smp 4', ' tcg'];

/** @typedef {(clients: number, milliseconds: number, first: number) => Promise<import('./libvirt.js').Counted>} Run */

async function main() {
  prepareLibvirt();
  mkdirSync(FOLDER, { recursive: true });
  const tool = await findTool(undefined);
  const service = await startService('silent');
  const connection = openConnection();
  const asked = { type: 'application/json', template: templateOf(JSON.stringify(envelope())) };
  const url = `${service.address}/argv`;
  await compareArgv(url, asked, connection);
  /** @type {Run} */
  const runService = async (connections, milliseconds, first) => {
    const before = service.cpu();
    const counted = await tool.run({ url, asked, first, milliseconds, connections });
    if (counted.errors > 0) throw new Error(`${counted.errors} errors from the service`);
    return { ...counted, cpu: service.cpu() - before };
  };
  const ways = {
    'POST /argv': runService,
    'libvirt, one connection': connection.run,
    'virsh, a process each': runVirsh,
  };
  const measured = [...(await measure(1, ways)), ...(await measure(MANY, ways))];
  connection.close();
  await service.stop();
  print(measured, tool.name);
  writeFileSync(join(FOLDER, 'libvirt.json'), `${JSON.stringify(measured, null, 1)}\n`);
}

/** The profile kernel-dev on a host without kvm, which neither side needs then: `host` is no CPU of it. */
function envelope() {
  const hardware = { .../** @type {object} */ (PROFILE.hardware), cpu: undefined };
  return { profile: { ...PROFILE, hardware }, host: { ...HOST, accelerators: [] } };
}

/**
 * Fails when they do not write the same machine.
 * @param {string} url
 * @param {import('../works.js').Asked} asked
 * @param {ReturnType<typeof openConnection>} connection
 */
async function compareArgv(url, { type, template }, connection) {
  const number = 7;
  const ours = JSON.parse(await ask(url, type, filled(template, number))).argv.join(' ');
  const theirs = await connection.show(number);
  const words = [...SAME, filled('@NAME@', number), filled('-m @MEMORY@', number)];
  for (const [whose, argv] of Object.entries({ ours, theirs }))
    for (const word of words) if (!argv.includes(word)) throw new Error(`${whose} lacks ${word}: ${argv}`);
}

/** @param {number} clients @param {Record<string, Run>} ways */
async function measure(clients, ways) {
  const slices = Object.entries(ways).map(([way, run]) => ({
    way,
    run,
    counted: /** @type {import('./libvirt.js').Counted[]} */ ([]),
  }));
  // The first round fills what either caches of QEMU, and is not counted.
  for (let round = 0; round <= ROUNDS; round++)
    for (const { run, counted } of slices) counted.push(await run(clients, MILLISECONDS, nextNumbers()));
  return slices.map(({ way, counted }) => {
    const measured = counted.slice(1);
    return {
      way,
      clients,
      perSecond: median(measured.map(({ requests, microseconds }) => (requests / microseconds) * 1e6)),
      cpu: Math.min(...measured.map(({ requests, cpu }) => cpu / requests)),
      slices: measured,
    };
  });
}

/** @param {Awaited<ReturnType<typeof measure>>} measured @param {string} client */
function print(measured, client) {
  const rows = measured.map(({ way, clients, perSecond, cpu }) => {
    const service = measured.find((other) => other.clients === clients);
    const times = [Number(service?.perSecond) / perSecond, cpu / Number(service?.cpu)];
    return [
      `${way}, ${clients} ${clients === 1 ? 'client' : 'clients'}`,
      ...[perSecond, cpu].map((number) => number.toFixed(0)),
      ...times.map((number) => `${number.toFixed(1)} x`),
    ];
  });
  const header = ['the argv of one VM', 'a second', 'least CPU, µs', 'service faster', 'in CPU time'];
  console.log(linesOf([header, ...rows]).join('\n'));
  console.log(
    `The service by ${client} over HTTP on loopback, each answer with its reasons and hashes; libvirt in the client's own\n` +
      'process, with a thread for each client, or by virsh. Medians of slices in turn, of CPU time the least. The domain\n' +
      'leaves out the network card and forwarded ports, for which libvirt would open a tap device.',
  );
}

runToEnd(main);
