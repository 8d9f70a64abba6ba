import { HttpProblem } from './problem';

/** Deeper than any request of any API, shallow enough for code that walks a body by recursion. */
const MAX_DEPTH = 64;

const OPEN = new Set(['{', '[']);
const CLOSE = new Set(['}', ']']);

/** How deep objects and arrays are nested in a JSON text, at least up to the limit; brackets in strings do not count. */
function depthExceeds(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] as string;
    if (inString) {
      if (char === '\\') i += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (OPEN.has(char)) {
      depth += 1;
      if (depth > limit) return true;
    } else if (CLOSE.has(char)) depth -= 1;
  }
  return false;
}

/** Keys that would change what an object is, instead of what it holds: class-transformer takes `constructor` for a class. */
const POISON = new Set(['__proto__', 'constructor']);

/** Whether a text may hold such a key, also with its letters escaped. */
const SUSPECT = /__proto__|constructor|\\u/;

function refusePoison(key: string, value: unknown): unknown {
  if (POISON.has(key)) throw new SyntaxError(`${key} as a key`);
  return value;
}

/**
 * The value of a JSON body; undefined for an empty one (DELETE with a content type and no body is common).
 * @throws HttpProblem 400 in the service's words for a body that is not JSON.
 */
export function parseJsonBody(text: string): unknown {
  if (text.trim() === '') return undefined;
  if (depthExceeds(text, MAX_DEPTH)) throw new HttpProblem(400);
  try {
    return SUSPECT.test(text) ? JSON.parse(text, refusePoison) : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new HttpProblem(400);
    throw error;
  }
}
