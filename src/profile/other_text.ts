/** What a text that cannot be read looks like instead, for whoever sent it as something that it is not. */

const JSON_START = /^[{[]\s*(?:["{}\]]|$)/;
const YAML_START = /^(?:---$|-\s|["']?[A-Za-z_][\w -]*["']?\s*:(?:\s|$))/;
const TOML_START = /^(?:\[[\w."' -]|["']?[A-Za-z_][\w."' -]*=)/;

const XML_START = /^<[?!A-Za-z]/;
const COMMAND_START = /^(?:\$ |sudo )*(?:\S*\/)?(?:qemu-system-|qemu-kvm\b|virt-install\b|qm )/;
const HCL_START = /^[a-z_]+(?: "[^"]*")+ \{/;
/** Letters of two bytes each. */
const UTF_16 = /^\0[^\0]|^[^\0]\0/;

/** Of its first line; more would be slow where somebody means harm. */
const LOOKED_AT = 200;

const PROFILE_IS = 'a profile is TOML, with key = value under headers such as [vm]';

/** For a text that is not TOML, a sentence with a space after it; empty where it looks like nothing else. */
export function insteadOfToml(text: string): string {
  const line = firstLineOf(text);
  if (UTF_16.test(text)) return 'It looks like UTF-16; send UTF-8. ';
  if (JSON_START.test(line)) return 'It looks like JSON, which is sent as application/json. ';
  const other = otherFormat(line);
  if (other !== null) return `It looks like ${other}; ${PROFILE_IS}. `;
  return text.includes('[') && !/[\r\n]/.test(text)
    ? 'It came in one line, as "curl -d" sends a file; "--data-binary" keeps the lines. '
    : '';
}

/** For a text that is not JSON. */
export function insteadOfJson(text: string): string {
  const line = firstLineOf(text);
  if (TOML_START.test(line)) return 'It looks like TOML, which is sent as application/toml. ';
  const other = otherFormat(line);
  return other === null ? '' : `It looks like ${other}; send JSON, or a profile in TOML. `;
}

function otherFormat(line: string): string | null {
  if (YAML_START.test(line)) return 'YAML';
  if (XML_START.test(line)) return 'XML';
  if (COMMAND_START.test(line)) return 'a command';
  return HCL_START.test(line) ? 'HCL' : null;
}

/** The first line that says something; their comments are like these, or they have none. */
function firstLineOf(text: string): string {
  for (const line of text.split(/\r\n?|\n/)) {
    const said = line.trim();
    if (said !== '' && !/^(?:#|\/\/)/.test(said)) return said.slice(0, LOOKED_AT);
  }
  return '';
}
