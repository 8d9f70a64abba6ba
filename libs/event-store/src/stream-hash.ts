import { hash } from 'node:crypto';

import { canonicalJson } from '@cairn/json';

import type { NewEvent } from './port';

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
