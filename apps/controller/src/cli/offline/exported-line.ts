import { bodyOf, type RecordedEvent } from '@cairn/event-store';
import { canonicalJson, jsonText } from '@cairn/json';

interface Line {
  readonly stream: string;
  readonly revision: string;
  readonly position: string;
  readonly id: string;
  readonly type: string;
  readonly created: string;
  readonly json?: unknown;
  readonly base64?: string;
  readonly metadata?: unknown;
  readonly metadataBase64?: string;
}

/**
 * The event as a line, without its end. Metadata are canonical JSON, so that a check of the chains need not sort them; data
 * keep the order of their keys, because rows that are folded from them show it.
 */
export function exportLine({ stream, revision, position, id, type, created, data, metadata }: RecordedEvent): string {
  const place = { stream, revision: String(revision), position: String(position), id, type, created };
  return `${JSON.stringify(place).slice(0, -1)},"json":${jsonText(data)},"metadata":${canonicalJson(metadata)}}`;
}

/**
 * Reads the event from a line of `cairn log export`; accepts any text.
 * @returns undefined when the line holds no event, or comes from a version that left out positions
 */
export function parsedLine(text: string): RecordedEvent | undefined {
  const line = lineOf(text);
  if (line === undefined) return undefined;
  const { stream, id, type, created, revision, position } = line;
  const data = bodyOf(line.base64 === undefined ? line.json : Buffer.from(line.base64, 'base64'));
  const metadata = bodyOf(
    line.metadataBase64 === undefined ? line.metadata : Buffer.from(line.metadataBase64, 'base64'),
  );
  return { id, type, stream, revision: BigInt(revision), position: BigInt(position), created, data, metadata };
}

function lineOf(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Partial<Line>;
    const { stream, id, type, revision, position } = line;
    const texts = [stream, id, type].every((each) => typeof each === 'string');
    const numbers = [revision, position].every((each) => typeof each === 'string' && /^\d+$/.test(each));
    return texts && numbers ? (line as Line) : undefined;
  } catch {
    return undefined;
  }
}
