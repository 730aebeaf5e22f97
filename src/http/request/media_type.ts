/** Which of its forms an answer is sent in. */
import type { FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

export const JSON_TYPE = 'application/json; charset=utf-8';

export interface Form<Value, Written = string> {
  /** With its parameters: the answer's `Content-Type`. */
  readonly mediaType: string;
  readonly write: (value: Value) => Written;
}

/** The forms of an answer; the first is the default. */
export type Forms<Value, Written = string> = readonly [Form<Value, Written>, ...Form<Value, Written>[]];

/**
 * The form that the caller likes best (RFC 9110, 12.5.1), and the default for one who likes none of them. The answer needs
 * no `Vary`: only answers to POST have forms, and no cache keeps those (9.3.3).
 */
export function preferredForm<Value, Written>(
  { headers }: FastifyRequest,
  forms: Forms<Value, Written>,
): Form<Value, Written> {
  const { accept } = headers;
  if (accept === undefined || accept === '*/*') return forms[0];
  const preferred = new Negotiator({ headers: { accept } }).mediaType(
    forms.map(({ mediaType }) => mediaType),
  );
  return forms.find(({ mediaType }) => mediaType === preferred) ?? forms[0];
}
