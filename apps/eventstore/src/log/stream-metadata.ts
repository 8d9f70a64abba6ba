import { DELETED_TRUNCATE_BEFORE, type StoredEvent } from './events';
import { JsonError, readObject, writeJson, type JsonHead, type JsonObject, type JsonValue } from './lenient-json';

/** What a stream's metadata says about which of its events may still be read. */
export interface Retention {
  readonly maxCount: number | undefined;
  readonly maxAgeSeconds: number | undefined;
  /** Events before this revision are hidden; {@link DELETED_TRUNCATE_BEFORE} means soft-deleted. */
  readonly truncateBefore: number;
}

const ACL_KEYS: readonly string[] = ['$r', '$w', '$d', '$mr', '$mw'];

export const KEEP_ALL: Retention = { maxCount: undefined, maxAgeSeconds: undefined, truncateBefore: 0 };

/** Metastreams always show only their latest document, as in EventStoreDB. */
export const KEEP_LATEST: Retention = { maxCount: 1, maxAgeSeconds: undefined, truncateBefore: 0 };

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
/** In seconds: 2^63 - 1 ticks of 100 ns. */
const TIME_SPAN_MAX = 922_337_203_685n;

/** The document of a soft-deleted stream: int64's maximum is spelled out, a JS number cannot carry it. */
export const DELETED_DOCUMENT = Buffer.from(`{"$tb":${String(INT64_MAX)}}`);

/** What counts of a metadata event, whatever its type: nothing unless it is marked as JSON. */
type Document = Pick<StoredEvent, 'json'> & { readonly data: Uint8Array };

/**
 * Reads the retention rules of a metadata document whole or not at all: one field of a wrong kind voids it, as in
 * EventStoreDB (StreamMetadata.TryFromJsonBytes). Fields that it does not know may hold anything.
 */
export function retentionOf({ json, data }: Document): Retention {
  const document = json && data.length > 0 ? headOf(data) : undefined;
  if (document === undefined || document.commented || document.object.hasComment) return KEEP_ALL;
  try {
    for (const [name, value] of document.object.fields) checkKind(name, value);
    return retentionIn(new Map(document.object.fields));
  } catch (error) {
    if (error instanceof JsonError) return KEEP_ALL;
    throw error;
  }
}

/** The fields of a document, in JavaScript's values; a body that is no JSON object counts as empty. */
export function fieldsOfDocument(data: Uint8Array): Readonly<Record<string, unknown>> {
  return plainObject(headOf(data)?.object.fields ?? []);
}

/**
 * The document that brings a soft-deleted stream back with its old events still hidden: the one at hand, with another `$tb`.
 * @returns undefined when it is no JSON object; then there is nothing to be rewritten
 */
export function recreatedDocument(data: Uint8Array, truncateBefore: number): Buffer | undefined {
  const document = headOf(data);
  if (document === undefined || document.hasRest) return undefined;
  const fields = new Map(document.object.fields);
  fields.set('$tb', { kind: 'integer', value: BigInt(truncateBefore) });
  return Buffer.from(writeJson({ kind: 'object', fields: [...fields], hasComment: false }));
}

function headOf(data: Uint8Array): JsonHead | undefined {
  try {
    return readObject(Buffer.from(data).toString('utf8'));
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

/** Every one of duplicate fields must be of the right kind, though only the last counts. */
function checkKind(name: string, value: JsonValue): void {
  if (name === '$maxCount' || name === '$tb') int64(value);
  else if (name === '$maxAge' || name === '$cacheControl') timeSpan(value);
  else if (name === '$tmp' && value.kind !== 'boolean') throw new JsonError('$tmp is no boolean');
  else if (name === '$acl') checkAcl(value);
}

function retentionIn(fields: ReadonlyMap<string, JsonValue>): Retention {
  const number = (name: string): bigint => {
    const value = fields.get(name);
    return value === undefined ? 0n : int64(value);
  };
  const [maxCount, maxAge, truncateBefore] = [number('$maxCount'), number('$maxAge'), number('$tb')];
  return {
    maxCount: maxCount > 0n ? clamped(maxCount) : undefined,
    maxAgeSeconds: maxAge > 0n ? clamped(maxAge) : undefined,
    truncateBefore: truncateBefore === INT64_MAX ? DELETED_TRUNCATE_BEFORE : clamped(truncateBefore),
  };
}

/** Larger numbers lie beyond every stream and mean the same: hide all, and delete nothing. */
function clamped(value: bigint): number {
  return Math.max(0, Math.min(Number(value), DELETED_TRUNCATE_BEFORE - 1));
}

function int64(value: JsonValue): bigint {
  if (value.kind !== 'integer' || value.value > INT64_MAX || value.value < INT64_MIN)
    throw new JsonError('not a 64-bit integer');
  return value.value;
}

/** Seconds that .NET can measure. */
function timeSpan(value: JsonValue): void {
  const seconds = int64(value);
  if (seconds > TIME_SPAN_MAX || seconds < -TIME_SPAN_MAX) throw new JsonError('a time that is too long');
}

function checkAcl(value: JsonValue): void {
  if (value.kind !== 'object' || value.hasComment) throw new JsonError('$acl is no object');
  for (const [key, roles] of value.fields) {
    const names = roles.kind === 'array' ? roles.items : [roles];
    if (!ACL_KEYS.includes(key)) throw new JsonError('$acl has a key that is not known');
    if (names.some(({ kind }) => kind !== 'string')) throw new JsonError('a role is no string');
  }
}

function plainObject(fields: JsonObject['fields']): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.map(([name, value]) => [name, plain(value)]));
}

function plain(value: JsonValue): unknown {
  switch (value.kind) {
    case 'integer':
      return Number(value.value);
    case 'array':
      return value.items.map(plain);
    case 'object':
      return plainObject(value.fields);
    case 'null':
      return null;
    case 'undefined':
      return undefined;
    default:
      return value.value;
  }
}
