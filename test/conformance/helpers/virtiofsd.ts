/** The virtiofsd that is tried: the installed one, else that which `get_virtiofsd.sh` has unpacked. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LOGS } from '../settings.ts';

const INSTALLED = '/usr/libexec/virtiofsd';

export const VIRTIOFSD = existsSync(INSTALLED) ? INSTALLED : join(LOGS, 'virtiofsd/virtiofsd');
