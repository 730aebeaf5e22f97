/** Profiles as they are shipped and tried, and profiles that point at what must not be touched. */
import { get, HOSTS, LOOKING_ROUTES, PLANNING_ROUTES, postJson, postToml, textsOf } from './make.js';

/** Every shipped profile: on this host and on a given one, by text and by name, and diagnosed. */
export function shippedProfiles() {
  return textsOf('profiles').flatMap(({ name, text }, index) => {
    const host = HOSTS[index % HOSTS.length];
    return [
      ...LOOKING_ROUTES.flatMap((path) => [
        postToml(path, text),
        postJson(path, { profile_toml: text }),
        postJson(path, { profile_name: name, host }),
      ]),
      ...PLANNING_ROUTES.flatMap((path) => [
        postToml(path, text),
        postJson(path, { profile_toml: text, host }),
        postJson(path, { profile_name: name }),
        postJson(path, { profile_name: name, host, dry_run: true }),
      ]),
      postToml('/argv', text, { accept: 'text/plain' }),
      postToml('/plans/start', text, { accept: 'text/x-shellscript' }),
      postToml('/plans/start', text, { accept: 'text/markdown' }),
      postJson('/plans/start', { profile_name: name, dry_run: false }),
      get(`/profiles/${name}`),
      get(`/doctor?profile=${name}`),
      get(`/doctor?profile=${name}&category=storage,logs`),
    ];
  });
}

export function goldenProfiles() {
  return textsOf('test/golden').flatMap(({ text }, index) => [
    postToml('/plans/start', text),
    postJson('/plans/start', { profile_toml: text, host: HOSTS[index % HOSTS.length] }),
  ]);
}

/** @param {string} path */
function oneDisk(path, format = 'raw') {
  return {
    schema_version: 1,
    vm: { name: 'odd' },
    hardware: { arch: 'x86_64', cores: 1, memory_mb: 512 },
    storage: { disks: [{ name: 'root', path, format, ...(format === 'host-path' ? {} : { boot: true }) }] },
  };
}

/**
 * Profiles that point at files and sockets of this host which must not be touched.
 * @param {number} takenPort
 */
export function oddPlaces(takenPort) {
  const paths = [
    ...[
      'images/root.qcow2',
      'images/disguised.img',
      'images/plain.img',
      'images/locked.img',
      'images/fifo.img',
    ],
    ...[
      'images/escape.img',
      'images/loop.img',
      'images/zero.img',
      'images',
      'run/live.qmp.sock',
      'run/outside/x',
    ],
    ...[
      '/dev/kvm',
      '/dev/null',
      '/dev/tty',
      '/dev/fdset/1',
      '/proc/self/mem',
      '/proc/self/fd/1',
      '/sys/power/state',
    ],
    ...[
      '/etc/shadow',
      '/etc/hostname',
      '/root/.ssh/id_rsa',
      '../../../../etc/passwd',
      '~/x',
      '$HOME/x',
      '`id`',
      '.',
    ],
    ...[
      'nbd:127.0.0.1:1',
      'json:{}',
      'fat:rw:.',
      'file:x',
      'x,snapshot=on',
      'x,,y',
      'images/größe 1.img',
      'x'.repeat(5000),
    ],
  ];
  const sockets = {
    ...oneDisk('images/plain.img'),
    qmp: { socket: 'run/live.qmp.sock' },
    serial: { enabled: true, mode: 'file', logfile: 'logs/serial.log' },
    kernel: { enabled: true, bzimage: 'kernel/bzImage', initrd: 'kernel/missing', append: 'root=/dev/vda' },
    network: {
      interfaces: [
        { name: 'net0', type: 'user', hostfwd: [`tcp:127.0.0.1:${takenPort}-:22`] },
        { name: 'tap0', type: 'tap' },
        { name: 'br', type: 'bridge' },
      ],
    },
  };
  return [
    ...paths.flatMap((path) => [
      postJson('/plans/start', { profile: oneDisk(path) }),
      postJson('/plans/start', { profile: oneDisk(path, 'host-path') }),
      postJson('/plans/prepare', { profile: oneDisk(path) }),
      postJson('/doctor', { profile: oneDisk(path, 'host-path') }),
      postJson('/argv', { profile: oneDisk(path), host: HOSTS[0] }),
      postJson('/argv', { profile: { ...oneDisk('images/plain.img'), qmp: { socket: path } } }),
    ]),
    ...[...PLANNING_ROUTES, ...LOOKING_ROUTES].map((path) => postJson(path, { profile: sockets })),
  ];
}
