/** How the service stops: it says so and goes on for a while, then answers what it has accepted, and cuts what never ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** Milliseconds to answer what was accepted before connections are cut. */
const DRAIN_TIMEOUT = 10_000;
/** Milliseconds between two looks for connections that have their answer and wait for another request. */
const IDLE_INTERVAL = 100;
/** Milliseconds, besides the delay, after which the process ends whatever is still open. */
export const SHUTDOWN_TIMEOUT = DRAIN_TIMEOUT + 5_000;

/**
 * Gives the app its way to stop: a function that closes it after a delay in milliseconds. During the delay every request
 * is answered, also on a new connection, but `/readyz` says 503 and each answer closes its connection, as Fastify sees to:
 * a balancer and callers who keep connections go elsewhere before the first connection is refused or cut.
 */
export function addShutdown(app: FastifyInstance): (delay: number) => Promise<void> {
  let milliseconds = 0;
  app.addHook('preClose', async () => {
    await sleep(milliseconds);
    setInterval(() => app.server.closeIdleConnections(), IDLE_INTERVAL).unref();
    setTimeout(() => app.server.closeAllConnections(), DRAIN_TIMEOUT).unref();
  });
  return (delay) => {
    milliseconds = delay;
    return app.close();
  };
}
