/** What a text that cannot be read looks like instead, for whoever sent it as something that it is not. */

const JSON_START = /^[{[]\s*(?:["{}\]]|$)/;
const YAML_START = /^(?:---$|-\s|["']?[A-Za-z_][\w -]*["']?\s*:(?:\s|$))/;
const TOML_START = /^(?:\[[\w."' -]|["']?[A-Za-z_][\w."' -]*=)/;

/** Of its first line; more would be slow where somebody means harm. */
const LOOKED_AT = 200;

/** For a text that is not TOML; empty where it looks like nothing else. */
export function insteadOfToml(text: string): string {
  const line = firstLineOf(text);
  if (JSON_START.test(line)) return ' It looks like JSON, which is sent as application/json.';
  if (YAML_START.test(line))
    return ' It looks like YAML; a profile is TOML, with key = value under headers such as [vm].';
  return text.includes('[') && !/[\r\n]/.test(text)
    ? ' It came in one line, as "curl -d" sends a file; "--data-binary" keeps the lines.'
    : '';
}

/** For a text that is not JSON. */
export function insteadOfJson(text: string): string {
  const line = firstLineOf(text);
  if (TOML_START.test(line)) return ' It looks like TOML, which is sent as application/toml.';
  return YAML_START.test(line) ? ' It looks like YAML; send JSON, or a profile in TOML.' : '';
}

/** The first line that says something; all three have comments like these, or none. */
function firstLineOf(text: string): string {
  for (const line of text.split(/\r\n?|\n/)) {
    const said = line.trim();
    if (said !== '' && !said.startsWith('#')) return said.slice(0, LOOKED_AT);
  }
  return '';
}
