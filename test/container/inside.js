/** Runs in the container, as the service's user: prints as JSON what can be seen there. It knows Node's own modules only. */
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from 'node:fs';

const KERNELS_OWN = ['/proc', '/sys', '/dev'];
const SHARED_MEMORY = ['/dev/shm', '/dev/mqueue'];
const LOGS = '/app/logs';
/** What installs or builds something. */
const TOOLS = /\/(npm|npx|yarn|pnpm|corepack|tsc)(-cli)?(\.c?js)?$/;
const PACKAGE = /^\/app\/(node_modules\/(?:.+\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\/package\.json$/;

const user = process.getuid?.() ?? -1;
const groups = process.getgroups?.() ?? [];
const writable = [];
const changeable = [];
const tools = [];
const packages = [];
const bytes = { program: 0, packages: 0, service: 0 };

const waiting = ['/'];
for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
  const stats = lstatSync(path);
  if (TOOLS.test(path)) tools.push(path);
  if (stats.isSymbolicLink()) continue;
  if (isWritable(path)) writable.push(path);
  if (path === LOGS) continue;
  if (isOwn(stats)) changeable.push(path);
  const name = PACKAGE.exec(path)?.[1];
  if (name !== undefined) packages.push(name);
  if (stats.isDirectory()) waiting.push(...entriesOf(path));
  else if (path.startsWith('/app/node_modules/')) bytes.packages += stats.size;
  else if (path.startsWith('/app/')) bytes.service += stats.size;
  else if (path === process.execPath) bytes.program += stats.size;
}

/** @param {string} path */
function entriesOf(path) {
  try {
    const entries = readdirSync(path).map((name) => (path === '/' ? `/${name}` : `${path}/${name}`));
    return entries.filter((entry) => !KERNELS_OWN.includes(entry));
  } catch {
    // A folder that is closed to the user.
    return [];
  }
}

/** @param {string} path */
function isWritable(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether the user could change it but for the read-only root: it is his, his group's, or everybody's. Shared temporary
 * folders, whose entries only their owner removes, are left out.
 * @param {import('node:fs').Stats} stats
 */
function isOwn({ uid, gid, mode }) {
  const isTemporaryFolder = (mode & 0o1000) !== 0;
  return (
    uid === user ||
    (groups.includes(gid) && (mode & 0o020) !== 0) ||
    (!isTemporaryFolder && (mode & 0o002) !== 0)
  );
}

const status = Object.fromEntries(
  readFileSync('/proc/1/status', 'utf8')
    .split('\n')
    .map((line) => line.split(/:\s*/)),
);
const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split(' '));

process.stdout.write(
  JSON.stringify({
    node: process.version,
    status,
    program: readlinkSync('/proc/1/exe'),
    commandLine: readFileSync('/proc/1/cmdline', 'utf8').split('\0').slice(0, -1),
    rootOptions: mounts.findLast((fields) => fields[4] === '/')?.[5]?.split(','),
    app: readdirSync('/app').sort(),
    logs: readdirSync(LOGS, { recursive: true }).sort(),
    sharedMemory: SHARED_MEMORY.filter((path) => existsSync(path)).flatMap(entriesOf),
    writable,
    changeable,
    tools,
    packages: packages.sort(),
    bytes,
  }),
);
