import { DELETED_TRUNCATE_BEFORE, DELETED_TRUNCATE_BEFORE_LINE } from './events';

/** What a stream's metadata says about which of its events may still be read. */
export interface Retention {
  readonly maxCount: number | undefined;
  readonly maxAgeSeconds: number | undefined;
  /** Events before this revision are hidden; {@link DELETED_TRUNCATE_BEFORE} means soft-deleted. */
  readonly truncateBefore: number;
}

export const KEEP_ALL: Retention = { maxCount: undefined, maxAgeSeconds: undefined, truncateBefore: 0 };

/** Metastreams always show only their latest document, as in EventStoreDB. */
export const KEEP_LATEST: Retention = { maxCount: 1, maxAgeSeconds: undefined, truncateBefore: 0 };

/** A metadata document; a body that is no JSON object counts as empty, as upstream does. */
export function parseMetadata(data: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

/** Reads the retention rules of a document; values of the wrong kind are ignored. */
export function retentionOf(metadata: Readonly<Record<string, unknown>>): Retention {
  const truncateBefore = positive(metadata['$tb']) ?? 0;
  return {
    maxCount: positive(metadata['$maxCount']),
    maxAgeSeconds: positive(metadata['$maxAge']),
    truncateBefore: truncateBefore >= DELETED_TRUNCATE_BEFORE_LINE ? DELETED_TRUNCATE_BEFORE : truncateBefore,
  };
}

/** The document of a soft-deleted stream: int64's maximum is spelled out, a JS number cannot carry it. */
export function deletedDocument(metadata: Readonly<Record<string, unknown>>): Buffer {
  const rest = Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== '$tb'));
  const body = JSON.stringify(rest).slice(1, -1);
  return Buffer.from(`{"$tb":9223372036854775807${body === '' ? '' : `,${body}`}}`);
}

/** The document that brings a soft-deleted stream back, with its old events still hidden. */
export function recreatedDocument(metadata: Readonly<Record<string, unknown>>, truncateBefore: number): Buffer {
  return Buffer.from(JSON.stringify({ ...metadata, $tb: truncateBefore }));
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
