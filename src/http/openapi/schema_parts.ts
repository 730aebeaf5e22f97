/** Small parts that the component schemas are written with. */
import Type, { type TProperties, type TSchema } from 'typebox';

/** An object with these members and no others. */
export function closed(properties: TProperties, description: string): TSchema {
  return Type.Object(properties, { additionalProperties: false, description });
}

export function text(description: string, examples?: readonly string[]): TSchema {
  return Type.String(examples === undefined ? { description } : { description, examples: [...examples] });
}

export function choice(values: readonly string[], description: string): TSchema {
  return Type.Unsafe({ type: 'string', enum: [...values], description });
}

export function list(items: TSchema, description: string): TSchema {
  return Type.Array(items, { description });
}

export function hash(description: string): TSchema {
  return Type.String({ pattern: '^sha256:[0-9a-f]{64}$', description });
}

/** The same schema or `null`, written with a list of types so that generators make a plain optional of it. */
export function nullable(schema: TSchema): TSchema {
  const { type, ...rest } = schema as TSchema & { readonly type: string };
  return Type.Unsafe({ type: [type, 'null'], ...rest });
}

/** A reference to a component schema. */
export function ref(name: string): TSchema {
  return Type.Unsafe({ $ref: `${name}#` });
}
