/** The QMP socket when the profile asks for QMP and names none. */
export function defaultQmpSocket(vmName: string): string {
  return `run/${vmName}.qmp.sock`;
}
