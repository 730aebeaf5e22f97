/** Why a value does not fit a schema, in one sentence that repeats nothing of the value. */
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { listed } from './show.ts';

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** Makes the check of a schema, once for all values; it answers `null` for a value that fits. */
export function schemaProblemOf(schema: TSchema, name: string): (value: unknown) => string | null {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return null;
    // The keyword `boolean` comes with the name of an unknown member, which is the caller's; its parent is reported too.
    const errors: SchemaError[] = validator.Errors(value);
    return errors
      .filter(({ keyword }) => keyword !== 'boolean')
      .slice(0, 1)
      .map((error) => `${name}${dotted(error.instancePath)} ${requirement(error)}.`)
      .join('');
  };
}

function dotted(instancePath: string): string {
  return instancePath.replace(/\/([0-9]+)/g, '[$1]').replaceAll('/', '.');
}

function requirement({ params, message }: SchemaError): string {
  return 'allowedValues' in params ? `must be one of ${listed(params.allowedValues as string[])}` : message;
}
