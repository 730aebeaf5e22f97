/** Why a body is not read: what its headers say of it, as far as that may be repeated. */
import type { IncomingHttpHeaders } from 'node:http';
import { looksSecret } from '../../profile/secrets.ts';

/** The name of a media type or of an encoding. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9.+/_-]{0,60}$/;
/** What curl says of a body of which it is told nothing. */
const FORM = 'application/x-www-form-urlencoded';

/** A sentence, or nothing. */
export function aboutUnreadBody(headers: IncomingHttpHeaders): string {
  const { 'content-type': type, 'content-encoding': encoding } = headers;
  if (encoding !== undefined && isName(encoding))
    return `The body came with the content encoding ${encoding}. `;
  if (type === undefined) return 'The body came without a content type. ';
  const [name = ''] = type.split(';');
  if (name === FORM)
    return `The body came as ${FORM}, which curl says unless -H 'content-type: …' is given. `;
  return isName(name) ? `The body came as ${name}. ` : '';
}

function isName(text: string): boolean {
  return NAME.test(text) && !looksSecret(text);
}
