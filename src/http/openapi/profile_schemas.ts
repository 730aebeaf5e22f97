/** The JSON Schemas of a profile: one of each version, and one for editors that holds for both. */
import Type, { type TProperties, type TSchema } from 'typebox';
import { jsonSchemaOf } from '../../profile/json_schema.ts';
import { PROFILE, SCHEMA_VERSION, SCHEMA_VERSIONS, type SchemaVersion } from '../../topics/profile.ts';

/** The profiles of one version. */
export function profileSchema(version: SchemaVersion): TSchema {
  return withVersions([version], `VM profile, version ${version}`, jsonSchemaOf(PROFILE, version));
}

/**
 * The profiles of all versions, as editors read them best: the newest version has all keys, and what an older one has not is
 * taken away where the file says that it is older. A choice of two schemas would hide where a mistake is.
 */
export function editorSchema(): object {
  return {
    ...withVersions(SCHEMA_VERSIONS, 'VM profile', jsonSchemaOf(PROFILE, SCHEMA_VERSION)),
    if: { properties: { schema_version: { const: 1 } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: profileSchema(1),
  };
}

/** What a list of versions says better. */
interface Range {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly examples?: readonly number[];
}

function withVersions(versions: readonly SchemaVersion[], title: string, schema: TSchema): TSchema {
  const { properties } = schema as TSchema & { readonly properties: TProperties };
  const { minimum: _, maximum: __, examples: ___, ...version } = properties.schema_version as TSchema & Range;
  const schema_version = Type.Unsafe({ ...version, enum: [...versions] });
  return { ...schema, title, properties: { ...properties, schema_version } };
}
