import { binaryEvent, jsonEvent, type EventData, type RecordedEvent } from '@eventstore/db-client';
import { canonicalJson, jsonText } from '@cairn/json';

/** An event as a line of an export says it. Data is JSON, or base64 of what is none. */
export interface ExportedEvent {
  readonly stream: string;
  /** Decimal: a tombstone has int64's maximum. */
  readonly revision: string;
  /** Where it is in the log that it was exported from, decimal; an import gives it another place. */
  readonly position?: string;
  readonly id: string;
  readonly type: string;
  readonly created: string;
  readonly json?: unknown;
  readonly base64?: string;
  readonly metadata?: unknown;
  readonly metadataBase64?: string;
}

export function exported(event: RecordedEvent): ExportedEvent {
  const { streamId, revision, id, type, created, metadata } = event;
  const position = event.position === undefined ? {} : { position: String(event.position.commit) };
  const place = { stream: streamId, revision: String(revision), ...position, id, type, created: created.toISOString() };
  const body = event.isJson ? { json: event.data } : { base64: Buffer.from(event.data).toString('base64') };
  if (metadata instanceof Uint8Array)
    return metadata.length === 0
      ? { ...place, ...body }
      : { ...place, ...body, metadataBase64: Buffer.from(metadata).toString('base64') };
  return metadata === undefined ? { ...place, ...body } : { ...place, ...body, metadata };
}

/**
 * Its fields in their order. Metadata are canonical JSON, so that a check of the chains need not sort them; data keep the
 * order of their keys, because rows that are folded from them show it.
 */
export function exportedLine(event: ExportedEvent): string {
  const fields = Object.entries(event).map(
    ([name, value]) => `"${name}":${name === 'metadata' ? canonicalJson(value) : textOf(value)}`,
  );
  return `{${fields.join(',')}}`;
}

const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? jsonText(value) : JSON.stringify(value);

/** @throws Error with the line's number when it is no event */
export function parseLine(line: string, number: number): ExportedEvent {
  const value: unknown = JSON.parse(line);
  const event = typeof value === 'object' && value !== null ? (value as Partial<ExportedEvent>) : {};
  const texts = [event.stream, event.revision, event.id, event.type];
  if (texts.some((text) => typeof text !== 'string') || !/^\d+$/.test(event.revision ?? ''))
    throw new Error(`line ${String(number)} is no exported event`);
  return event as ExportedEvent;
}

/** The event as the client appends it, with its id. */
export function eventData(event: ExportedEvent): EventData {
  const { id, type } = event;
  const metadata = event.metadataBase64 === undefined ? event.metadata : Buffer.from(event.metadataBase64, 'base64');
  const described = metadata === undefined ? {} : { metadata: metadata as Record<string, unknown> };
  if (event.base64 !== undefined)
    return binaryEvent({ id, type, data: Buffer.from(event.base64, 'base64'), ...described });
  return written(jsonEvent({ id, type, data: event.json as Record<string, unknown>, ...described }));
}

/**
 * The client makes texts of JSON by calls within calls, and never answers where they are too many. What is too deep for
 * that is given to it as bytes: it asks twice of what kind they are, to tell the server and to know what to do itself.
 */
function written(event: EventData): EventData {
  const { data, metadata } = event;
  const said = isDeep(metadata) ? { metadata: utf8.encode(jsonText(metadata)) } : {};
  if (!isDeep(data)) return { ...event, ...said };
  const kinds = ['application/json', 'application/octet-stream'];
  const bytes = { ...event, ...said, data: utf8.encode(jsonText(data)) };
  return Object.defineProperty(bytes, 'contentType', { get: () => kinds.shift() }) as unknown as EventData;
}

const utf8 = new TextEncoder();

function isDeep(value: unknown): value is object {
  try {
    JSON.stringify(value);
    return false;
  } catch {
    return true;
  }
}
