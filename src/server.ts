/** The process: environment, log, listener, signals. The only user of `process`. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import { ConfigurationError, readConfiguration } from './configuration.ts';
import { thisMachine } from './host/probe_host.ts';
import { openLog } from './log.ts';
import { checkLogDirectory } from './log_directory.ts';
import { addShutdown, SHUTDOWN_TIMEOUT } from './shutdown.ts';

const serviceRoot = dirname(dirname(fileURLToPath(import.meta.url)));

async function main(): Promise<void> {
  const configuration = readConfiguration(process.env, {
    workingDirectory: process.cwd(),
    serviceRoot,
    machine: thisMachine(),
  });
  for (const note of configuration.notes) process.stderr.write(`vmlab-planner: ${note}\n`);
  await checkLogDirectory(serviceRoot, configuration.logDirectory);
  // A reader of standard output that goes away must not take the service with it.
  process.stdout.on('error', () => {});
  const log = await openLog({
    directory: configuration.logDirectory,
    root: join(serviceRoot, 'logs'),
    level: configuration.logLevel,
    stdout: configuration.logToStdout ? process.stdout : null,
  });
  const {
    host,
    profileDirectories,
    bodyLimit,
    fleetBodyLimit,
    tokens,
    rateLimit,
    corsOrigins,
    shutdownDelay,
  } = configuration;
  const app = await buildApp({
    host,
    profileDirectories,
    bodyLimit,
    fleetBodyLimit,
    tokens,
    rateLimit,
    corsOrigins,
    logger: log.logger,
    logHealth: log.health,
  });
  const shutDown = addShutdown(app);
  closeWithGrace({ delay: shutdownDelay + SHUTDOWN_TIMEOUT, logger: false }, async ({ err }) => {
    if (err !== undefined) process.stderr.write(`vmlab-planner: ${err.stack}\n`);
    // After a fault it does not go on.
    await shutDown(err === undefined ? shutdownDelay : 0);
    await log.close();
  });
  const address = await app.listen({ host: configuration.listenHost, port: configuration.port });
  process.stdout.write(
    [
      `vmlab-planner listens on ${address}`,
      `  look at it      ${address}/`,
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
  const { code, message, stack } = error as NodeJS.ErrnoException;
  const mend = code === 'EADDRINUSE' ? '; set PORT to another one' : '';
  process.stderr.write(`vmlab-planner: ${isExpected ? `${message}${mend}` : stack}\n`);
  process.exit(1);
});
