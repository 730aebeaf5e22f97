/** The JSON Schema of an entry, as documents and editors have it. */
import Type, { type TProperties, type TSchema } from 'typebox';
import { type AnyKey, minimumIn, type TableKey, type TextKey, wordsIn } from './key.ts';

/** With the keys that a version of the schema has. */
export function jsonSchemaOf(key: AnyKey, version: number): TSchema {
  const description = key.description ?? undefined;
  switch (key.kind) {
    case 'text':
      return Type.String(given({ ...textKeywords(key), description, examples: someOf(key.examples) }));
    case 'word':
      return enumSchema(wordsIn(key, version), given({ default: key.default, description }));
    case 'flag':
      return Type.Boolean(given({ default: documentedDefault(key), description }));
    case 'count': {
      const { maximum, values, examples } = key;
      const range = values === null ? { minimum: minimumIn(key, version), maximum } : { enum: [...values] };
      return Type.Integer(given({ default: key.default, ...range, description, examples: someOf(examples) }));
    }
    case 'list': {
      const element = jsonSchemaOf(key.element, version);
      return Type.Array(element, given({ default: key.default, maxItems: key.most, description }));
    }
    case 'table':
      return tableSchema(key, version);
  }
}

/** A string that is one of these; an enum, which generators and editors read better than a union of constants. */
export function enumSchema<const Word extends string>(words: readonly Word[], options: object) {
  return Type.Unsafe<Word>({ type: 'string', enum: [...words], ...options });
}

function textKeywords({ default: fallback, maxLength, source }: TextKey): object {
  return {
    default: fallback,
    maxLength: Number.isFinite(maxLength) ? maxLength : undefined,
    pattern: source === '' ? undefined : source,
  };
}

function documentedDefault(key: AnyKey & { readonly kind: 'flag' }): unknown {
  return key.inWrittenSection === undefined ? key.default : undefined;
}

function tableSchema({ keys, title, description }: TableKey, version: number): TSchema {
  const properties: TProperties = {};
  for (const [name, key] of Object.entries(keys)) {
    if (key.since > version) continue;
    const schema = jsonSchemaOf(key, version);
    properties[name] = key.isRequired ? schema : Type.Optional(schema);
  }
  return Type.Object(
    properties,
    given({ additionalProperties: false, title: title ?? undefined, description }),
  );
}

function someOf<Value>(examples: readonly Value[]): Value[] | undefined {
  return examples.length === 0 ? undefined : [...examples];
}

/** The members that have a value, in their order. */
function given(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
