/** A `-cpu` value: a model, then features in the order in which they are written. */
export interface Cpu {
  readonly model: string;
  readonly features: readonly string[];
}

/** Splits a value that matches the schema's pattern. */
export function parseCpu(cpu: string): Cpu {
  const [model = '', ...features] = cpu.split(',');
  return { model, features };
}
