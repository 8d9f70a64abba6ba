import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE, stringEnd } from './json-bytes';

/**
 * Where the parts of an export's line are, found without parsing it: parsing costs four times as much, and most of what
 * is in a line is never looked at. Spans are numbers, so that one thread can hand them to another for nothing.
 */

/** The parts of a line, as places in its row of spans: each begins there and ends at the number after it. */
export const PART = {
  line: 0,
  stream: 2,
  revision: 4,
  position: 6,
  id: 8,
  type: 10,
  created: 12,
  data: 14,
  metadata: 16,
  /** The last member of the metadata with its comma, if that is `streamHash`; empty otherwise. */
  link: 18,
} as const;

/** Numbers in a row. */
export const ROW = 20;

/** As {@link PART.stream} of a line that is not written as the export writes events with JSON: it has to be parsed. */
export const UNFRAMED = -1;

const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** What stands before each text of a line, in the order in which the export writes them. */
const TEXTS: readonly (readonly [part: number, before: Uint8Array, kind: 'text' | 'number'])[] = [
  [PART.stream, ascii('{"stream":"'), 'text'],
  [PART.revision, ascii('","revision":"'), 'number'],
  [PART.position, ascii('","position":"'), 'number'],
  [PART.id, ascii('","id":"'), 'text'],
  [PART.type, ascii('","type":"'), 'text'],
  [PART.created, ascii('","created":"'), 'text'],
];
const DATA = ascii('","json":');
const METADATA = ascii(',"metadata":');
const LINK = ascii('"streamHash":"');
/** Digits of a link. */
export const DIGITS = 64;
const LINK_LENGTH = LINK.length + DIGITS + 1;

/**
 * Fills in a row for the line from one byte to another. What it says is true of every line that JSON.parse takes: texts
 * have no escapes, every bracket in a string is passed over, and nothing is before, between or behind the parts.
 */
export function frame(bytes: Uint8Array, from: number, to: number, row: Int32Array): void {
  row[PART.line] = from;
  row[PART.line + 1] = to;
  const data = frameTexts(bytes, from, to, row);
  const dataEnd = objectEnd(bytes, data, to);
  const metadata = after(bytes, dataEnd, METADATA);
  const metadataEnd = objectEnd(bytes, metadata, to);
  if (metadataEnd !== to - 1 || bytes[metadataEnd] !== CLOSE_OBJECT) {
    row[PART.stream] = UNFRAMED;
    return;
  }
  row[PART.data] = data;
  row[PART.data + 1] = dataEnd;
  row[PART.metadata] = metadata;
  row[PART.metadata + 1] = metadataEnd;
  frameLink(bytes, metadata, metadataEnd, row);
}

/** @returns where the data begin, or -1 */
function frameTexts(bytes: Uint8Array, from: number, to: number, row: Int32Array): number {
  let end = from;
  for (const [part, before, kind] of TEXTS) {
    const start = after(bytes, end, before);
    end = kind === 'text' ? textEnd(bytes, start, to) : digitsEnd(bytes, start, to);
    if (end < 0) return -1;
    row[part] = start;
    row[part + 1] = end;
  }
  return after(bytes, end, DATA);
}

/** @returns what is behind these bytes if they are there, or -1 */
function after(bytes: Uint8Array, at: number, expected: Uint8Array): number {
  if (at < 0) return -1;
  for (let i = 0; i < expected.length; i += 1) if (bytes[at + i] !== expected[i]) return -1;
  return at + expected.length;
}

/** @returns the closing quote of a text without escapes, or -1 */
function textEnd(bytes: Uint8Array, from: number, to: number): number {
  if (from < 0) return -1;
  for (let i = from; i < to; i += 1) {
    const byte = bytes[i];
    if (byte === QUOTE) return i;
    if (byte === BACKSLASH) return -1;
  }
  return -1;
}

/** @returns what is behind at least one digit, or -1 */
function digitsEnd(bytes: Uint8Array, from: number, to: number): number {
  if (from < 0) return -1;
  let i = from;
  while (i < to && (bytes[i] as number) >= 0x30 && (bytes[i] as number) <= 0x39) i += 1;
  return i === from ? -1 : i;
}

/** @returns what is behind the object that begins here, or -1 */
function objectEnd(bytes: Uint8Array, from: number, to: number): number {
  if (from < 0 || bytes[from] !== OPEN_OBJECT) return -1;
  let depth = 0;
  for (let i = from; i < to; i += 1) {
    const byte = bytes[i];
    if (byte === QUOTE) i = stringEnd(bytes, i, to) - 1;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return -1;
}

/**
 * The link as the last of the metadata's members, where it is in canonical JSON (no other that Cairn writes sorts behind
 * it) and where the writers put it. Anywhere else it is not found, and the line has to be parsed.
 */
function frameLink(bytes: Uint8Array, metadata: number, end: number, row: Int32Array): void {
  const last = end - 1;
  const member = last - LINK_LENGTH;
  const before = bytes[member - 1];
  const found =
    member > metadata &&
    (before === OPEN_OBJECT || before === COMMA) &&
    textEnd(bytes, after(bytes, member, LINK), last) === last - 1;
  row[PART.link + 1] = last;
  row[PART.link] = !found ? last : before === COMMA ? member - 1 : member;
}
