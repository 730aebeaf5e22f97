/** The JSON Schema that an example follows: every member with its type, as a user of Fastify would write it down. */

/** @typedef {{ type?: string | string[], items?: Schema, properties?: Record<string, Schema>, required?: string[], additionalProperties?: false }} Schema */

/**
 * @param {unknown} value JSON.
 * @returns {Schema}
 */
export function schemaOf(value) {
  if (value === null) return { type: 'null' };
  if (Array.isArray(value)) return { type: 'array', items: value.map(schemaOf).reduce(either, {}) };
  if (typeof value !== 'object') return { type: Number.isInteger(value) ? 'integer' : typeof value };
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(value).map(([name, member]) => [name, schemaOf(member)])),
    required: Object.keys(value),
    additionalProperties: false,
  };
}

/**
 * What both follow.
 * @param {Schema} left
 * @param {Schema} right
 * @returns {Schema}
 */
function either(left, right) {
  if (left.type === undefined) return right;
  if (right.type === undefined) return left;
  if (left.type !== right.type) return { type: [...new Set([left.type, right.type].flat())] };
  if (left.type === 'array') return { type: 'array', items: either(left.items ?? {}, right.items ?? {}) };
  if (left.type !== 'object') return left;
  const properties = { ...left.properties };
  for (const [name, schema] of Object.entries(right.properties ?? {}))
    properties[name] = either(properties[name] ?? {}, schema);
  const required = left.required?.filter((name) => right.required?.includes(name)) ?? [];
  return { type: 'object', properties, required, additionalProperties: false };
}
