/** Whether the kernel lets any process use io_uring. */
import type { HostSystem } from '../facts/host_facts.ts';
import type { Need } from '../needs/need.ts';
import { textOf } from './files.ts';
import type { SystemFiles } from './system_files.ts';

/** Of kernel.io_uring_disabled: nobody may, not even root. */
const NOBODY = '2';

/** `null` where no disk wants it, and on a kernel that does not tell. */
export async function probeIoUring(
  needs: readonly Need[],
  os: HostSystem,
  { ioUringDisabled }: SystemFiles,
): Promise<boolean | null> {
  if (os !== 'linux' || !needs.some(({ kind }) => kind === 'io-uring')) return null;
  const text = (await textOf(ioUringDisabled)).trim();
  return text === '' ? null : text !== NOBODY;
}
