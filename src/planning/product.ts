/** What this is called, and which it is; a test holds the version to that of package.json. */
export const PRODUCT = 'vmlab-planner';
export const VERSION = '0.1.0';
