/**
 * Judges what strace saw. Nothing is allowed but what is listed here: calls that change nothing outside the process, and
 * calls that are harmless with the arguments that they were given.
 */
import { normalize } from 'node:path';

/** The server writes this when it listens; what comes after it in a trace was done for requests, or to stop. */
export const MARKER = 'vmlab-planner listens on';
/** Calls could go through a ring of io_uring that no trace shows. Node goes without where the system refuses it, as container engines do. */
const WITHOUT_RINGS = 'inject=io_uring_setup:error=ENOSYS';
/** `-D`: the server is the child of who starts it, and gets its signals; `-y`: descriptors are shown with their paths. */
export const STRACE = ['strace', '-D', '-f', '-y', '-s', '64', '-e', 'trace=all', '-e', WITHOUT_RINGS];

/** Calls that read, wait, or concern only this process and connections that it accepted. */
const HARMLESS = new Set(
  [
    'read readv pread64 preadv preadv2 lseek close close_range dup dup2 dup3 fcntl poll ppoll select pselect6 epoll_create1',
    'epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd2 pipe2 timerfd_create timerfd_settime stat lstat fstat newfstatat',
    'statx access faccessat faccessat2 readlink readlinkat statfs fstatfs getdents64 getcwd accept accept4 getsockname',
    'getpeername getsockopt setsockopt recvfrom recvmsg shutdown mmap munmap mremap mprotect madvise brk pkey_mprotect',
    'membarrier mincore futex sched_yield sched_getaffinity sched_getparam sched_getscheduler nanosleep clock_nanosleep clock_gettime gettimeofday getpid',
    'gettid getppid getuid geteuid getgid getegid getresuid getresgid getgroups getrusage getrlimit prlimit64 sysinfo uname',
    'getrandom getcpu rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack rt_sigtimedwait restart_syscall set_robust_list',
    'get_robust_list rseq exit exit_group capget times prctl fadvise64 ioctl',
  ].flatMap((line) => line.split(' ')),
);
const OPENING = new Set(['open', 'openat', 'openat2', 'creat']);
const WRITING = new Set([
  'write',
  'writev',
  'pwrite64',
  'pwritev',
  'pwritev2',
  'ftruncate',
  'fsync',
  'fdatasync',
  'fallocate',
]);
/** Allowed below the log directory, by every path that they are given. */
const CHANGING = new Set(['mkdir', 'mkdirat', 'unlink', 'unlinkat', 'rename', 'renameat', 'renameat2']);
const READABLE_DEVICES = new Set(['/dev/null', '/dev/urandom', '/dev/random']);
const NO_SYSTEM_CALL = /^\d+ +(?:\+\+\+|---|strace:|<\.\.\.)/;

/**
 * @typedef {object} Verdict
 * @property {boolean} hasMarker Whether the server came to listen: without it nothing was proven.
 * @property {number} total Calls after the marker.
 * @property {Record<string, number>} counts
 * @property {string[]} violations
 */

/**
 * @param {string} trace
 * @param {readonly string[]} writable Real paths of the directories that may be written.
 * @returns {Verdict}
 */
export function judge(trace, writable) {
  const lines = trace.split('\n');
  const start = lines.findIndex((line) => line.includes(MARKER));
  /** @type {Record<string, number>} */
  const counts = {};
  /** @type {string[]} */
  const violations = [];
  for (const line of start < 0 ? [] : lines.slice(start + 1)) {
    if (line === '' || NO_SYSTEM_CALL.test(line)) continue;
    const [, name = 'unreadable', args = ''] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
    counts[name] = (counts[name] ?? 0) + 1;
    if (!isAllowed(name, args, writable)) violations.push(line);
  }
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { hasMarker: start >= 0, total, counts, violations };
}

/**
 * @param {string} name
 * @param {string} args
 * @param {readonly string[]} writable
 */
function isAllowed(name, args, writable) {
  const isBelow = (/** @type {string} */ path) =>
    writable.some((directory) => path === directory || path.startsWith(`${directory}/`));
  if (HARMLESS.has(name))
    return !(name === 'ioctl' && /\b(TIOCSTI|TUNSETIFF|FICLONE|FS_IOC_SET\w*)\b/.test(args));
  if (OPENING.has(name))
    return isReading(name, args) ? isReadable(pathsIn(args)[0] ?? '') : pathsIn(args).every(isBelow);
  if (WRITING.has(name)) return isOwnDescriptor(args, isBelow);
  if (CHANGING.has(name)) return pathsIn(args).length > 0 && pathsIn(args).every(isBelow);
  // A thread, which strace follows; anything else that these make is a process.
  if (name === 'clone' || name === 'clone3') return args.includes('CLONE_THREAD');
  // To its own threads, which is how Node wakes them.
  if (name === 'tgkill') return true;
  // On a connection that was accepted: there is no other, as no socket is made and none connects.
  if (name === 'sendto' || name === 'sendmsg') return !/sa_family|msg_name=\{/.test(args);
  return false;
}

/**
 * @param {string} name
 * @param {string} args
 */
function isReading(name, args) {
  return (
    name !== 'creat' &&
    args.includes('O_RDONLY') &&
    !/O_(?:CREAT|TRUNC|TMPFILE|WRONLY|RDWR|APPEND)/.test(args)
  );
}

/** @param {string} path */
function isReadable(path) {
  return !path.startsWith('/dev/') || READABLE_DEVICES.has(path);
}

/**
 * Whether a descriptor is no file, or one that may be written. A device is a file.
 * @param {string} args
 * @param {(path: string) => boolean} isBelow
 */
function isOwnDescriptor(args, isBelow) {
  const path = unescaped(/^\d+<(.*?)>(?=[,)\s]|$)/.exec(args)?.[1] ?? '/unknown');
  return !path.startsWith('/') || isBelow(path.replace(/ \(deleted\)$/, ''));
}

/**
 * The paths among the arguments, absolute and normalised: each string, and the directory before it if there is one.
 * @param {string} args
 */
function pathsIn(args) {
  return [...args.matchAll(/(?:(?:AT_FDCWD|\d+)<((?:[^>\\]|\\.)*)>, )?"((?:[^"\\]|\\.)*)"/g)].map(
    ([, directory, path = '']) => {
      const text = unescaped(path);
      return normalize(text.startsWith('/') ? text : `${unescaped(directory ?? '/unknown')}/${text}`);
    },
  );
}

/** Undoes strace's octal escapes. @param {string} text */
function unescaped(text) {
  const bytes = text.replace(/\\([0-7]{1,3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(bytes, 'latin1').toString();
}

/** The system calls of a verdict, most frequent first, as text. @param {Verdict} verdict */
export function countsOf({ counts }) {
  return Object.entries(counts)
    .sort((left, right) => right[1] - left[1])
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
