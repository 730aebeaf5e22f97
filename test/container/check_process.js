/** How the service runs: as nobody special, on a read-only root, and under Node's permission model. */
import { readFileSync } from 'node:fs';

const ATTEMPTS = readFileSync(new URL('attempts.js', import.meta.url), 'utf8');
const ALLOWED = ['--allow-fs-read=*', '--allow-fs-write=/app/logs/*', '--allow-net'];
const SEAL = ['--permission', '--experimental-permission'];

/**
 * @param {import('../proof/report.js').Report} report
 * @param {any} inside What inside.js has seen.
 */
export function checkProcess(report, { status, program, commandLine, rootOptions, writable }) {
  const ids = [...status.Uid.split('\t'), ...status.Gid.split('\t'), ...status.Groups.trim().split(' ')];
  report.check(
    ids.every((id) => id === '1000' || id === ''),
    'process: user, group and all further groups are 1000',
    ids,
  );
  const capabilities = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((name) => status[name]);
  report.check(
    capabilities.every((mask) => /^0+$/.test(mask)),
    'process: it has no capability, and can get none',
    capabilities,
  );
  report.check(status.NoNewPrivs === '1', 'process: no program gives it new privileges');
  report.check(
    program === '/usr/local/bin/node' && commandLine.at(-1) === '/app/dist/server.js',
    'process: the first process is Node with the service, no shell and no npm',
    [program, ...commandLine],
  );
  report.check(rootOptions.includes('ro'), 'files: the root is mounted read-only', rootOptions);
  report.check(
    writable.join() === '/app/logs',
    'files: only /app/logs can be written, on all of the root',
    writable,
  );
}

/**
 * @param {import('../proof/report.js').Report} report
 * @param {import('./container.js').Container} container
 * @param {readonly string[]} commandLine Of the service.
 */
export async function checkSeal(report, container, commandLine) {
  const flags = commandLine.filter((argument) => argument.startsWith('--'));
  report.note(`sealed with ${flags.join(' ')}`);
  report.check(
    flags.some((flag) => SEAL.includes(flag)) &&
      flags.every((flag) => !flag.startsWith('--allow') || ALLOWED.includes(flag)),
    'seal: Node’s permission model is on, and allows to write the log alone',
    flags,
  );
  const { 'log file': sealedLog, ...sealed } = await container.evaluate(ATTEMPTS, flags);
  report.check(sealedLog === 'done', 'seal: with these flags Node can write a log file', sealedLog);
  for (const [deed, outcome] of Object.entries(sealed))
    report.check(outcome === 'ERR_ACCESS_DENIED', `seal: with these flags Node refuses: ${deed}`, outcome);
  const open = await container.evaluate(ATTEMPTS);
  report.check(
    open.process === 'done' && open.thread === 'done',
    'seal: without them the same attempts succeed, so that it is the seal that refuses',
    open,
  );
  report.check(
    open['temporary file'] === 'EROFS',
    'files: without them it is the read-only root that refuses a temporary file',
    open,
  );
}
