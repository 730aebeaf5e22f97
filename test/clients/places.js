/** Where the suite works: the document and the schema as committed, and one folder for all that it makes. */
import { join } from 'node:path';
import { REPOSITORY } from '../proof/service.js';

export const DOCUMENT = join(REPOSITORY, 'openapi', 'openapi.json');
export const PROFILE_SCHEMA = join(REPOSITORY, 'openapi', 'profile.schema.json');
export const PROFILES = join(REPOSITORY, 'profiles');
export const OWN = join(REPOSITORY, 'test', 'clients');
/** All that the suite installs, makes and leaves behind. */
export const EVIDENCE = join(REPOSITORY, 'logs', 'clients');
export const MADE = join(EVIDENCE, 'made');
export const BUILT = join(EVIDENCE, 'built', 'test', 'clients', 'calls');
