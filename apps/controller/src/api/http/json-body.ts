import { HttpProblem } from './problem';
import { unstorableField } from './text';

/** Deeper than any request of any API, shallow enough for code that walks a body by recursion. */
const MAX_DEPTH = 64;

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Looks at a JSON text without making anything of it: how deep its objects and lists are nested, and how many values they
 * hold together (an empty one counts as if it held one).
 * @throws HttpProblem 400 when it is too deep, 413 when it holds too much.
 */
function requireBounded(text: string, mostValues: number): void {
  let depth = 0;
  let values = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i);
    else if (code === COMMA) values += 1;
    else if (code === OPEN || code === OPEN_LIST) {
      depth += 1;
      values += 1;
      if (depth > MAX_DEPTH) throw new HttpProblem(400);
    } else if (code === CLOSE || code === CLOSE_LIST) depth -= 1;
    if (values > mostValues)
      throw new HttpProblem(413, `The request body holds more than ${String(mostValues)} values.`);
  }
}

/** Where the string that begins at `start` ends; the text's end if it does not. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i += 1;
    else if (code === QUOTE) return i;
  }
  return text.length;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new HttpProblem(400);
  }
}

/** Only what is written as an escape can be text without UTF-8, or NUL: the bytes have been decoded. */
const ESCAPED = /\\u(?:0000|d[89a-f])/i;

/**
 * The value of a JSON body; undefined for an empty one (DELETE with a content type and no body is common). Its keys may
 * be any: `__proto__` is a key like others, so look up what a client named with `own`, or in a `Map`.
 * @param mostValues members and items that it may hold together
 * @throws HttpProblem 400 in the service's words for a body that is not JSON in UTF-8, or holds text that no service can
 *   store; 413 for one that holds too much.
 */
export function parseJsonBody(bytes: Uint8Array, mostValues: number): unknown {
  const text = textOf(bytes);
  if (text.trim() === '') return undefined;
  requireBounded(text, mostValues);
  const value = parsed(text);
  if (ESCAPED.test(text)) requireStorable(value);
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new HttpProblem(400);
    throw error;
  }
}

function requireStorable(value: unknown): void {
  const field = unstorableField(value);
  if (field === undefined) return;
  throw new HttpProblem(
    400,
    `Invalid input for field/attribute ${field}. It holds a character that cannot be stored: NUL or half of a surrogate pair.`,
  );
}
