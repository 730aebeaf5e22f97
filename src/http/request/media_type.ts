/** Which of its forms an answer is sent in. */
import type { FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

export const JSON_TYPE = 'application/json; charset=utf-8';

export interface Form<Value> {
  /** With its parameters: the answer's `Content-Type`. */
  readonly mediaType: string;
  readonly write: (value: Value) => string;
}

/** The forms of an answer; the first is the default. */
export type Forms<Value> = readonly [Form<Value>, ...Form<Value>[]];

/**
 * The form that the caller likes best (RFC 9110, 12.5.1), and the default for one who likes none of them. The answer needs
 * no `Vary`: only answers to POST have forms, and no cache keeps those (9.3.3).
 */
export function preferredForm<Value>({ headers }: FastifyRequest, forms: Forms<Value>): Form<Value> {
  const { accept } = headers;
  if (accept === undefined || accept === '*/*') return forms[0];
  const preferred = new Negotiator({ headers: { accept } }).mediaType(
    forms.map(({ mediaType }) => mediaType),
  );
  return forms.find(({ mediaType }) => mediaType === preferred) ?? forms[0];
}
