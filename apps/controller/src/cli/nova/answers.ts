import { own } from '@cairn/domain';

import type { Given } from './arguments';
import type { Json } from './client';

/** What a field of an answer lists. */
export const listIn = (body: Json, name: string): readonly Json[] => (own(body, name) ?? []) as readonly Json[];

/** The object in a field of an answer. */
export const objectIn = (body: Json, name: string): Json => (own(body, name) ?? {}) as Json;

/** A URL's query of one parameter; empty without a value. */
export const query = (name: string, value: string | undefined): string =>
  value === undefined ? '' : `?${name}=${encodeURIComponent(value)}`;

/** The first value, as a part of a URL. */
export const first = ({ values }: Given): string => encodeURIComponent(values[0] ?? '');
