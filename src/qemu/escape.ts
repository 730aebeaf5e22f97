/**
 * QEMU splits option text at commas, and each context has its own rule; one escape function for all would be wrong.
 * The rules were checked by looking at which file QEMU 7.2 and 10.0 really open.
 */

/** For `-drive file=` and `-fsdev path=`: QemuOpts reads `,,` as one comma; nothing else is special. */
export function optionValue(text: string): string {
  return text.includes(',') ? text.replaceAll(',', ',,') : text;
}

/**
 * The address of a unix socket for `-qmp` and `-serial`. An `=` before the first comma would make QEMU read the path
 * as `key=value`, and cannot be escaped; then the key `path=` is written out.
 */
export function unixSocket(path: string): string {
  const key = path.includes('=') ? 'path=' : '';
  return `unix:${key}${optionValue(path)},server=on,wait=off`;
}
