/** The process: environment, log, listener, signals. The only user of `process`. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import { ConfigurationError, readConfiguration } from './configuration.ts';
import { thisMachine } from './host/probe.ts';
import { checkLogDirectory } from './log_directory.ts';
import { openLog } from './log_files.ts';

/** Milliseconds to answer what was accepted before connections are cut; well below the 30 s of Kubernetes. */
const DRAIN_TIMEOUT = 10_000;
/** Milliseconds between two looks for connections that have their answer and wait for another request. */
const IDLE_INTERVAL = 100;

const serviceRoot = dirname(dirname(fileURLToPath(import.meta.url)));

async function main(): Promise<void> {
  const configuration = readConfiguration(process.env, {
    workingDirectory: process.cwd(),
    serviceRoot,
    machine: thisMachine(),
  });
  await checkLogDirectory(serviceRoot, configuration.logDirectory);
  // A reader of standard output that goes away must not take the service with it.
  process.stdout.on('error', () => {});
  const log = await openLog({
    directory: configuration.logDirectory,
    root: join(serviceRoot, 'logs'),
    level: configuration.logLevel,
    stdout: configuration.logToStdout ? process.stdout : null,
  });
  const { host, profileDirectories, bodyLimit, tokens, rateLimit, corsOrigins } = configuration;
  const app = await buildApp({
    host,
    profileDirectories,
    bodyLimit,
    tokens,
    rateLimit,
    corsOrigins,
    logger: log.logger,
    logHealth: log.health,
  });
  closeWithGrace({ delay: DRAIN_TIMEOUT + 5_000, logger: false }, async ({ err }) => {
    if (err !== undefined) process.stderr.write(`vmlab-planner: ${err.stack}\n`);
    const cut = setTimeout(() => app.server.closeAllConnections(), DRAIN_TIMEOUT);
    const close = setInterval(() => app.server.closeIdleConnections(), IDLE_INTERVAL);
    await app.close();
    clearTimeout(cut);
    clearInterval(close);
    await log.close();
  });
  const address = await app.listen({ host: configuration.listenHost, port: configuration.port });
  process.stdout.write(
    [
      `vmlab-planner listens on ${address}`,
      `  explore it      ${address}/docs/`,
      `  try it          curl --data-binary @profiles/minimal.toml -H 'content-type: application/toml' ${address}/argv`,
      `  request log     ${configuration.logDirectory}`,
      '',
    ].join('\n'),
  );
}

main().catch((error: unknown) => {
  const isExpected =
    error instanceof ConfigurationError || (error as NodeJS.ErrnoException).syscall !== undefined;
  process.stderr.write(`vmlab-planner: ${isExpected ? (error as Error).message : (error as Error).stack}\n`);
  process.exit(1);
});
