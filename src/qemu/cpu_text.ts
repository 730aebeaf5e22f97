/** A `-cpu` value: a model, then features in the order in which they are written. */
export interface Cpu {
  readonly model: string;
  readonly features: readonly string[];
}

/** The name of a feature, however it is switched. QEMU's x86 takes `_` in it for `-`; the others do not. */
export function featureName(feature: string, isX86 = true): string {
  const name = feature.replace(/^[+-]/, '').replace(/=.*$/, '');
  return isX86 ? name.replaceAll('_', '-') : name;
}

/** Splits a value that matches the schema's pattern. */
export function parseCpu(cpu: string): Cpu {
  const end = cpu.indexOf(',');
  return end < 0
    ? { model: cpu, features: [] }
    : { model: cpu.slice(0, end), features: cpu.slice(end + 1).split(',') };
}
