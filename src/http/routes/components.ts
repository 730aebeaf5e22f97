/** The component schemas of all routes. */
import type { TSchema } from 'typebox';
import { PLAN_SCHEMAS } from '../openapi/plan_schemas.ts';
import { PROBLEM_SCHEMAS, SHARED_SCHEMAS } from '../openapi/shared_schemas.ts';
import { ARGV_SCHEMAS } from './argv.ts';
import { DIFF_SCHEMAS } from './diff_schemas.ts';
import { DOCTOR_SCHEMAS } from './doctor.ts';
import { FLEET_SCHEMAS } from './fleet_schemas.ts';
import { HEALTH_SCHEMAS } from './health.ts';
import { PROFILE_SCHEMAS } from './profiles.ts';
import { MIGRATION_SCHEMAS } from './profiles_migrate.ts';
import { VALIDATION_SCHEMAS } from './profiles_validate.ts';

/** By name, in the order of the document. */
export const COMPONENTS: Readonly<Record<string, TSchema>> = {
  ...SHARED_SCHEMAS,
  ...ARGV_SCHEMAS,
  ...PLAN_SCHEMAS,
  ...VALIDATION_SCHEMAS,
  ...MIGRATION_SCHEMAS,
  ...PROFILE_SCHEMAS,
  ...DIFF_SCHEMAS,
  ...FLEET_SCHEMAS,
  ...DOCTOR_SCHEMAS,
  ...HEALTH_SCHEMAS,
  ...PROBLEM_SCHEMAS,
};
