/** How much the service takes on: overload protection and a rate limit. */
import type { FastifyInstance } from 'fastify';
import type { PlannerOptions } from '../options.ts';
import { RETRY_AFTER_SECONDS } from './error_handling.ts';
import { RequestRefused } from './problem.ts';

/** Milliseconds between two looks at the clock. */
const LOOK_INTERVAL = 500;
/** Milliseconds by which a look may come late. */
const MOST_LAG = 1000;

/** Guards the routes of `app`. The package for the rate limit is loaded only where it is used: it takes memory. */
export async function addLimits(
  app: FastifyInstance,
  { rateLimit: perMinute }: PlannerOptions,
): Promise<void> {
  addOverloadProtection(app);
  if (perMinute > 0)
    await app.register(import('@fastify/rate-limit'), { max: perMinute, timeWindow: '1 minute' });
}

/**
 * While the event loop lags, work is refused: when a look at the clock came late, until one comes in time. The first look
 * is taken when the app is ready: what starting up on a busy host takes is no overload.
 */
function addOverloadProtection(app: FastifyInstance): void {
  let lag = 0;
  let lastLook = 0;
  let timer: NodeJS.Timeout | undefined;
  app.addHook('onReady', async () => {
    lastLook = performance.now();
    timer = setInterval(() => {
      const now = performance.now();
      lag = now - lastLook - LOOK_INTERVAL;
      lastLook = now;
    }, LOOK_INTERVAL).unref();
  });
  app.addHook('onClose', async () => clearInterval(timer));
  app.addHook('onRequest', (_request, reply, done) => {
    if (lag <= MOST_LAG) return done();
    reply.header('retry-after', RETRY_AFTER_SECONDS);
    done(new RequestRefused('overloaded'));
  });
}
