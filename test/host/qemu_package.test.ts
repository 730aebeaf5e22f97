/** Which package brought a QEMU, by files as the package managers write them. */
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import type { QemuPackage } from '../../src/facts/host.ts';
import { lookAround, probeHost } from '../../src/host/probe_host.ts';
import { readQemuPackage } from '../../src/host/qemu_package.ts';
import { SYSTEM_FILES, type SystemFiles } from '../../src/host/system_files.ts';
import { type Change, changed } from '../help/documents.ts';
import { draftOf } from '../help/plans.ts';
import { folderOf, onPosix, settingsOf } from '../help/this_host.ts';

/** A system with these files, by their paths in it. */
function systemWith(t: Test, files: Readonly<Record<string, string>>) {
  const root = folderOf(t, {});
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text, { mode: 0o755 });
  }
  const system: SystemFiles = {
    ...SYSTEM_FILES,
    dpkg: join(root, 'dpkg'),
    apk: [join(root, 'usr/lib/apk/db/installed'), join(root, 'lib/apk/db/installed')],
    pacman: join(root, 'pacman'),
  };
  return {
    root,
    system,
    of: (binary: string): Promise<QemuPackage | null> => readQemuPackage(join(root, binary), system),
  };
}

/** As dpkg 1.21 writes it. */
function status(name: string, version: string, more: { status?: string; source?: string } = {}): string {
  const { status = 'install ok installed', source = 'qemu (1:7.2+dfsg-7+deb12u18)' } = more;
  return [
    `Package: ${name}`,
    `Status: ${status}`,
    'Priority: optional',
    'Section: otherosfs',
    'Installed-Size: 43488',
    'Maintainer: Debian QEMU Team <pkg-qemu-devel@lists.alioth.debian.org>',
    'Architecture: amd64',
    'Multi-Arch: foreign',
    ...(source === '' ? [] : [`Source: ${source}`]),
    `Version: ${version}`,
    'Replaces: qemu-kvm',
    'Description: QEMU full system emulation binaries (x86)',
    ' QEMU is a fast processor emulator: currently the package supports',
    ' i386 and x86-64 emulation.',
    'Homepage: http://www.qemu.org/',
    '',
    '',
  ].join('\n');
}

const OTHER = status('dash', '0.5.12-2', { source: '' });

t.test('dpkg', onPosix, async (t) => {
  const binary = 'usr/bin/qemu-system-x86_64';
  const of = async (
    version: string,
    more: Parameters<typeof status>[2] & {
      name?: string;
      diversions?: (root: string) => string[];
      files?: string[];
    } = {},
  ) => {
    const { name = 'qemu-system-x86', diversions = () => [], files = [binary] } = more;
    const { root, of } = systemWith(t, {
      [binary]: '',
      'usr/bin/qemu-system-x86_64.real': '',
      'dpkg/status': `Package: qemu\n\n${OTHER}${status(name, version, more)}`,
    });
    mkdirSync(join(root, 'dpkg/info'));
    const list = ['/.', '/usr', ...files.map((file) => join(root, file)), ''];
    writeFileSync(join(root, `dpkg/info/${name}.list`), list.join('\n'));
    writeFileSync(
      join(root, 'dpkg/diversions'),
      diversions(root)
        .map((line) => `${line}\n`)
        .join(''),
    );
    return of(binary);
  };
  const debian12 = '1:7.2+dfsg-7+deb12u18+b3';
  t.strictSame(await of(debian12), { name: 'qemu-system-x86', version: debian12, qemuVersion: '7.2' });
  const versions: readonly (readonly [string, string | null])[] = [
    ['1:10.0.13+ds-0+deb13u1', '10.0'],
    ['1:8.2.2+ds-0ubuntu1.18', '8.2'],
    ['10.1.2-3', '10.1'],
    ['1:10.1.0~rc2+ds-1', null],
    ['local', null],
  ];
  for (const [version, qemuVersion] of versions)
    t.match(await of(version), { version, qemuVersion }, version);
  t.match(await of('10.1.2-3', { name: 'pve-qemu-kvm', source: '' }), { name: 'pve-qemu-kvm' }, 'Proxmox');
  t.equal(await of('1.0', { name: 'qemu-web-desktop', source: '' }), null, 'no QEMU');
  t.equal(await of(debian12, { status: 'deinstall ok config-files' }), null, 'one that was removed');
  t.equal(await of(debian12, { files: ['usr/bin/qemu-system-i386'] }), null, 'a file of no package');
  const real = `${binary}.real`;
  const diverted = (by: string) => (root: string) => [join(root, binary), join(root, real), by];
  for (const by of [':', 'qemu-wrapper'])
    t.equal(await of(debian12, { diversions: diverted(by) }), null, `its own file lies elsewhere, by ${by}`);
  t.match(
    await of(debian12, { diversions: diverted('qemu-system-x86') }),
    { qemuVersion: '7.2' },
    'that of others',
  );
  const moved = (root: string) => [join(root, real), join(root, binary), ':'];
  t.match(
    await of(debian12, { diversions: moved, files: [real] }),
    { qemuVersion: '7.2' },
    'one that lies here',
  );
  t.match(await of(debian12, { diversions: (root) => [join(root, binary)] }), null, 'a list that is cut off');
});

t.test('links lead to the file that a package brought', onPosix, async (t) => {
  const { root, of } = systemWith(t, {
    'usr/bin/qemu-system-ppc64': '',
    'usr/local/bin/qemu-system-x86_64': '',
    'dpkg/status': status('qemu-system-ppc', '1:7.2+dfsg-7+deb12u18+b3'),
  });
  symlinkSync('qemu-system-ppc64', join(root, 'usr/bin/qemu-system-ppc64le'));
  symlinkSync('usr/bin', join(root, 'bin'));
  mkdirSync(join(root, 'dpkg/info'));
  writeFileSync(join(root, 'dpkg/info/qemu-system-ppc.list'), `${join(root, 'usr/bin/qemu-system-ppc64')}\n`);
  t.match(await of('usr/bin/qemu-system-ppc64le'), { name: 'qemu-system-ppc' });
  t.match(await of('bin/qemu-system-ppc64'), { name: 'qemu-system-ppc' });
  t.equal(await of('usr/local/bin/qemu-system-x86_64'), null);
});

/** As apk 2 writes it: a line for each field, directories and the files in them. */
function alpine(root: string): string {
  return [
    'C:Q1mBXDZ0UUiWoVEwgXCUmM0rKUWcI=',
    'P:musl',
    'V:1.2.5-r0',
    'A:x86_64',
    'o:musl',
    'F:lib',
    'R:ld-musl-x86_64.so.1',
    'a:0:0:755',
    '',
    'C:Q1Wkz0Bp1L8nS9VbR0qJYHHUuMJZM=',
    'P:qemu-system-x86_64',
    'V:9.0.4-r0',
    'A:x86_64',
    'S:6513164',
    'I:24858624',
    'T:QEMU system emulator for x86_64',
    'U:https://qemu.org/',
    'L:GPL-2.0-only',
    'o:qemu',
    'm:Natanael Copa <ncopa@alpinelinux.org>',
    't:1733400000',
    'D:qemu qemu-common so:libc.musl-x86_64.so.1',
    'p:cmd:qemu-system-x86_64=9.0.4-r0',
    `F:${root.slice(1)}`,
    `F:${root.slice(1)}/usr/bin`,
    'R:qemu-system-x86_64',
    'a:0:0:755',
    'Z:Q1Yv0tQnRkOPG6R0q0pZ8vS8vS8vS=',
    '',
    '',
  ].join('\n');
}

t.test('apk', onPosix, async (t) => {
  const expected = { name: 'qemu-system-x86_64', version: '9.0.4-r0', qemuVersion: '9.0' };
  for (const database of ['lib/apk/db/installed', 'usr/lib/apk/db/installed']) {
    const { root, of } = systemWith(t, { 'usr/bin/qemu-system-x86_64': '', [database]: '' });
    writeFileSync(join(root, database), alpine(root));
    t.strictSame(await of('usr/bin/qemu-system-x86_64'), expected, database);
    t.equal(await of('bin/qemu-system-x86_64'), null);
  }
});

t.test('pacman', onPosix, async (t) => {
  const of = async (base: string, isCut = false) => {
    const folder = 'pacman/qemu-system-x86-10.1.2-2';
    const { root, of } = systemWith(t, {
      'usr/bin/qemu-system-x86_64': '',
      'pacman/pacman-7.0.0-1/files': '',
      'pacman/qemu-common-10.1.2-2/files': '%FILES%\nusr/\nusr/share/\n\n',
      [`${folder}/desc`]: isCut
        ? '%NAME%\n'
        : `%NAME%\nqemu-system-x86\n\n%VERSION%\n10.1.2-2\n\n%BASE%\n${base}\n\n%DESC%\nQEMU system emulator for x86\n\n`,
    });
    writeFileSync(
      join(root, folder, 'files'),
      `%FILES%\n${root.slice(1)}/usr/bin/\n${root.slice(1)}/usr/bin/qemu-system-x86_64\n\n`,
    );
    return of('usr/bin/qemu-system-x86_64');
  };
  t.strictSame(await of('qemu'), { name: 'qemu-system-x86', version: '10.1.2-2', qemuVersion: '10.1' });
  t.equal(await of('qemu-git'), null, 'built from what was not released');
  t.equal(await of('qemu', true), null, 'cut off');
});

t.test('Homebrew and Nix', onPosix, async (t) => {
  const hash = 'x4q5bb7czwv3pyxrsnzrwvvkgpvbfw3v';
  const of = async (real: string): Promise<QemuPackage | null> => {
    const { root, of } = systemWith(t, { [real]: '', 'bin/other': '' });
    symlinkSync(join(root, real), join(root, 'bin/qemu-system-x86_64'));
    return of('bin/qemu-system-x86_64');
  };
  t.strictSame(await of('opt/homebrew/Cellar/qemu/10.1.0_1/bin/qemu-system-x86_64'), {
    name: 'qemu',
    version: '10.1.0_1',
    qemuVersion: '10.1',
  });
  t.equal(await of('opt/homebrew/Cellar/lima/1.2.1/bin/qemu-system-x86_64'), null);
  const { system } = systemWith(t, {});
  // No test has a store of its own: a path that is not there is taken as it is.
  const nix = (name: string) => readQemuPackage(`/nix/store/${hash}-${name}/bin/qemu-system-x86_64`, system);
  t.match(await nix('qemu-9.2.4'), { name: 'qemu', version: '9.2.4', qemuVersion: '9.2' });
  t.match(await nix('qemu-host-cpu-only-10.1.2'), { name: 'qemu-host-cpu-only', qemuVersion: '10.1' });
  t.match(await nix('qemu-10.1.0-rc2'), { qemuVersion: null });
  t.equal(await nix('qemu'), null);
});

t.test('a package that is upgraded is another one at once', onPosix, async (t) => {
  const { root, of } = systemWith(t, { 'usr/bin/qemu-system-x86_64': '', 'dpkg/status': '' });
  mkdirSync(join(root, 'dpkg/info'));
  writeFileSync(
    join(root, 'dpkg/info/qemu-system-x86.list'),
    `${join(root, 'usr/bin/qemu-system-x86_64')}\n`,
  );
  for (const version of ['1:7.2+dfsg-7', '1:8.2.1+ds-1', '1:9.2.1+ds-1']) {
    writeFileSync(join(root, 'dpkg/status'), status('qemu-system-x86', version));
    // As if it had been written long ago, so that it is kept.
    utimesSync(join(root, 'dpkg/status'), 1, 1);
    t.match(await of('usr/bin/qemu-system-x86_64'), { version });
    t.match(await of('usr/bin/qemu-system-x86_64'), { version });
  }
});

t.test('the facts of a host have the version of the QEMU that is found', onPosix, async (t) => {
  const { root, system } = systemWith(t, {
    'bin/qemu-system-x86_64': '',
    'bin/qemu-kvm': '',
    'dpkg/status': status('qemu-system-x86', '1:7.2+dfsg-7+deb12u18+b3'),
  });
  mkdirSync(join(root, 'dpkg/info'));
  writeFileSync(join(root, 'dpkg/info/qemu-system-x86.list'), `${join(root, 'bin/qemu-system-x86_64')}\n`);
  const settings = settingsOf(root, { searchPath: [join(root, 'bin')] });
  const look = await lookAround(settings, system);
  const of = async (change: Change) =>
    (await probeHost(draftOf(changed(change)), settings, look)).facts.qemu_version;
  t.equal(await of({}), '7.2');
  t.equal(await of({}), '7.2', 'once more of the same look');
  t.equal(await of({ 'vm.qemu_binary': 'qemu-kvm' }), undefined, 'that of no package');
  t.equal(await of({ 'hardware.arch': 'ppc64le' }), undefined, 'that is not there');
});

t.test('the modules that packages of Debian have, where a profile wants some', onPosix, async (t) => {
  const binary = 'bin/qemu-system-x86_64';
  const { root, system } = systemWith(t, {
    [binary]: '',
    'bin/qemu-kvm': '',
    'dpkg/status': [
      status('qemu-system-x86', '1:10.0.2+ds-2'),
      status('qemu-system-common', '1:10.0.2+ds-2'),
      status('qemu-system-gui', '1:10.0.2+ds-2', { status: 'deinstall ok config-files' }),
      OTHER,
    ].join(''),
  });
  const libraries = '/usr/lib/x86_64-linux-gnu';
  const lists = {
    'qemu-system-x86': [join(root, binary), '/usr/share/doc/qemu-system-x86'],
    'qemu-system-common': [
      `${libraries}/qemu`,
      `${libraries}/qemu/hw-usb-host.so`,
      `${libraries}/qemu/ui-curses.so`,
      `${libraries}/libqemu.so`,
    ],
    'qemu-system-gui': [`${libraries}/qemu/ui-gtk.so`],
    dash: [`${libraries}/qemu/ui-sdl.so`],
  };
  mkdirSync(join(root, 'dpkg/info'));
  for (const [name, files] of Object.entries(lists))
    writeFileSync(join(root, `dpkg/info/${name}.list`), `${files.join('\n')}\n`);
  const settings = settingsOf(root, { searchPath: [join(root, 'bin')] });
  const of = async (change: Change, look = lookAround(settings, system)) =>
    (await probeHost(draftOf(changed({ schema_version: 2, ...change })), settings, look)).probed?.modules;
  const gtk = { 'display.mode': 'gtk' };
  const look = lookAround(settings, system);
  for (const about of ['first', 'once more of the same look'])
    t.strictSame([...((await of(gtk, look)) ?? [])], ['hw-usb-host', 'ui-curses'], about);
  t.equal(await of({}, look), null, 'none is wanted');
  t.equal(await of({ ...gtk, 'vm.qemu_binary': 'qemu-kvm' }, look), null, 'a QEMU of no package');
  t.equal(await of({ ...gtk, 'hardware.arch': 'ppc64le' }, look), null, 'a QEMU that is not there');
  writeFileSync(join(root, 'dpkg/info/qemu-system-common.list'), '/.\n');
  t.equal(await of(gtk), null, 'packages without modules, which may have all built in');
});
