/** The profile's JSON Schema as editors read it: draft 7, which their TOML plug-ins know. */
import { ProfileSchema } from '../profile/schema.ts';

export function profileSchemaText(): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...ProfileSchema,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
