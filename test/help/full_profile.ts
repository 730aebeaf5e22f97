import type { Document } from './documents.ts';

/** A profile with every key; a Linux host with nothing but tcg can run it. */
export function fullProfile(): Document {
  return {
    schema_version: 1,
    vm: { name: 'full', description: 'every key', qemu_binary: 'qemu-system-x86_64' },
    hardware: { arch: 'x86_64', cpu: 'max,+avx', cores: 2, memory_mb: 1024, acceleration: 'tcg' },
    storage: {
      disks: [
        {
          name: 'root',
          path: 'images/root.qcow2',
          format: 'qcow2',
          size_gb: 10,
          boot: true,
          readonly: false,
        },
        { name: 'share', path: 'share', format: 'host-path', readonly: true },
      ],
    },
    network: {
      interfaces: [
        { name: 'net0', type: 'user', hostfwd: ['tcp:127.0.0.1:2222-:22'], mac: '52:54:00:aa:bb:cc' },
        { name: 'tap0', type: 'tap' },
      ],
    },
    serial: { enabled: true, mode: 'file', device: 'logs/a.log', logfile: 'logs/b.log' },
    qmp: { enabled: true, socket: 'run/full.sock' },
    console: { auto_attach: true, escape_sequence: 'ctrl+]' },
    kernel: { enabled: true, bzimage: 'boot/bzImage', initrd: 'boot/initrd', append: 'console=ttyS0' },
  };
}

/** A profile of version 2 with every section and every list; a Linux host can run it. */
export function fullProfile2(): Document {
  return {
    ...fullProfile(),
    schema_version: 2,
    vm: { name: 'full', depends_on: ['other'] },
    machine: { type: 'pc', hpet: false },
    boot: { order: ['root'], menu: true },
    storage: {
      disks: [
        {
          name: 'root',
          path: 'images/root.qcow2',
          format: 'qcow2',
          base: { path: 'images/base.raw', format: 'raw' },
          encryption: { key_file: 'keys/root.key' },
        },
      ],
      cdroms: [{ name: 'cd', path: 'cd.iso' }],
      floppies: [{ name: 'floppy', path: 'floppy.img' }],
      seed: { path: 'seed.iso', user_data: 'user-data', meta_data: 'meta-data', network_config: 'network' },
    },
    shares: [{ name: 'share', path: 'share' }],
    process: { pidfile: 'run/full.pid' },
    debug: { gdb_socket: 'run/full.gdb', log_file: 'logs/debug.log', log_items: ['guest_errors'] },
    rtc: { clock: 'host' },
    smbios: { product: 'lab', oem_strings: ['a'] },
    fw_cfg: [{ name: 'opt/lab', text: 'a' }],
  };
}
