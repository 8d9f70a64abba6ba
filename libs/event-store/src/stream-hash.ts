import { hash } from 'node:crypto';

import type { NewEvent } from './port';

/** Strings that JSON writes as they are. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

/**
 * The one text of a JSON value: keys sorted by UTF-16 code units, no white space, numbers as ECMAScript prints them
 * (RFC 8785). What JSON cannot hold (undefined, functions) is left out, as JSON.stringify does.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if ('toJSON' in value && typeof value.toJSON === 'function') return canonicalJson((value.toJSON as () => unknown)());
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const field = (value as Readonly<Record<string, unknown>>)[key];
    if (field === undefined || typeof field === 'function') continue;
    text += `${text === '' ? '{' : ','}${quoted(key)}:${canonicalJson(field)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

/**
 * The next link of a stream's hash chain: SHA-256 in hex over the previous event's link ('' before
 * the first event) and all that the writer said of this one, who and why included. A forger of one event must
 * rewrite all after it.
 */
export function streamHash(previous: string, event: NewEvent): string {
  const { id, type, data } = event;
  const { streamHash: _own, ...metadata } = event.metadata;
  return hash('sha256', previous + canonicalJson({ id, type, data, metadata }), 'hex');
}

/** The link that an event carries in its metadata; '' for none. */
export const linkOf = (event: { readonly metadata: Readonly<Record<string, unknown>> } | undefined): string => {
  const link = event?.metadata['streamHash'];
  return typeof link === 'string' ? link : '';
};
