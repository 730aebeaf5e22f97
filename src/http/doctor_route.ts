/** `GET /doctor`: looks at the host of this service, read-only. */
import type { FastifyInstance } from 'fastify';
import { CATEGORIES, type Category, type DoctorReport, diagnose, inCategories } from '../doctor/diagnose.ts';
import { probeHost } from '../host/probe.ts';
import { examineHost } from '../host/survey.ts';
import { planProfile } from '../planning/plan_profile.ts';
import { LOOK_TIMEOUT } from './deadline.ts';
import { readNamedProfile } from './named_profile.ts';
import { JSON_TYPE } from './operation.ts';
import { doctorSchema } from './operations.ts';
import type { PlannerOptions } from './options.ts';
import { malformed, RequestRefused } from './problem.ts';

interface DoctorQuery {
  readonly profile?: string | string[];
  readonly category?: string | string[];
}

export function addDoctorRoute(app: FastifyInstance, options: PlannerOptions): void {
  app.get<{ Querystring: DoctorQuery }>(
    '/doctor',
    { schema: doctorSchema(CATEGORIES), handlerTimeout: LOOK_TIMEOUT },
    async ({ query }, reply) => {
      const categories = categoriesOf(query.category);
      if (Array.isArray(query.profile)) throw malformed('profile must be given once.');
      const report = await reportOn(query.profile, options);
      return reply
        .type(JSON_TYPE)
        .send(JSON.stringify(categories === null ? report : inCategories(report, categories)));
    },
  );
}

async function reportOn(name: string | undefined, options: PlannerOptions): Promise<DoctorReport> {
  const { host: settings, profileDirectories: directories, logHealth: logs } = options;
  if (name === undefined)
    return diagnose(await examineHost({ settings, directories, logs, profile: null }), null);
  const named = await readNamedProfile(name, options);
  if (named === null) throw new RequestRefused('profile-not-found');
  const { draft } = named.reading;
  const host = await probeHost(draft, settings);
  const outcome = planProfile(named.reading, host);
  const survey = await examineHost({ settings, directories, logs, profile: { draft, host } });
  return diagnose(survey, { name, outcome, draft });
}

/** The categories asked for; `null` for all. */
function categoriesOf(query: string | string[] | undefined): Category[] | null {
  if (query === undefined) return null;
  const words = [query].flat().flatMap((text) => text.split(','));
  if (!words.every(isCategory))
    throw malformed(`category must be one or more of ${CATEGORIES.join(', ')}, separated by commas.`);
  return words;
}

function isCategory(word: string): word is Category {
  return (CATEGORIES as readonly string[]).includes(word);
}
