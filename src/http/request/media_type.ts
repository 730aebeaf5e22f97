/** Which of its forms an answer is sent in. */
import type { FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

export const JSON_TYPE = 'application/json; charset=utf-8';
export const TOML_TYPE = 'application/toml';
export const SCRIPT_TYPE = 'text/x-shellscript; charset=utf-8';
export const MARKDOWN_TYPE = 'text/markdown; charset=utf-8';

const AS_JSON_OR_TOML: Forms<unknown> = [
  { mediaType: JSON_TYPE, write: JSON.stringify },
  { mediaType: TOML_TYPE, write: String },
];

/** Whether the caller likes the canonical text of a profile better than JSON. */
export function wantsToml(request: FastifyRequest): boolean {
  return preferredForm(request, AS_JSON_OR_TOML).mediaType === TOML_TYPE;
}

export interface Form<Value, Written = string> {
  /** With its parameters: the answer's `Content-Type`. */
  readonly mediaType: string;
  readonly write: (value: Value) => Written;
}

/** The forms of an answer; the first is the default. */
export type Forms<Value, Written = string> = readonly [Form<Value, Written>, ...Form<Value, Written>[]];

/**
 * The form that the caller likes best (RFC 9110, 12.5.1), and the default for one who likes none of them. An answer to POST
 * needs no `Vary`, since no cache keeps it (9.3.3).
 */
export function preferredForm<Value, Written>(
  { headers }: FastifyRequest,
  forms: Forms<Value, Written>,
): Form<Value, Written> {
  const { accept } = headers;
  if (accept === undefined || accept === '*/*') return forms[0];
  const preferred = preferredType(
    accept,
    forms.map(({ mediaType }) => mediaType),
  );
  return forms.find(({ mediaType }) => mediaType === preferred) ?? forms[0];
}

/** Of some media types the one that an `Accept` likes best, the earlier of equals; `undefined` where it likes none of them. */
export function preferredType(accept: string | undefined, mediaTypes: readonly string[]): string | undefined {
  return new Negotiator({ headers: { accept } }).mediaType([...mediaTypes]);
}
