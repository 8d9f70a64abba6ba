import { deepText } from './deep-text';

/** Strings that JSON writes as they are. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** Values within values that are walked by calls within calls, which is fastest; deeper ones have a list of what is to do. */
const CALLS = 100;

const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

const sortedKeys = (value: object): readonly string[] => Object.keys(value).sort();

/**
 * The one text of a JSON value: keys sorted by UTF-16 code units, no white space, numbers as ECMAScript prints them
 * (RFC 8785). What JSON cannot hold (undefined, functions) is left out, as JSON.stringify does. A value may be of any depth.
 */
export function canonicalJson(value: unknown): string {
  return textOf(value, 0);
}

function textOf(value: unknown, depth: number): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (depth >= CALLS) return deepText(value, sortedKeys);
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return textOf((value.toJSON as () => unknown)(), depth + 1);
  if (Array.isArray(value)) return `[${value.map((item) => textOf(item ?? null, depth + 1)).join(',')}]`;
  let text = '';
  for (const key of Object.keys(value).sort()) {
    // eslint-disable-next-line cairn/own-keys -- the keys are the object's own
    const field = (value as Readonly<Record<string, unknown>>)[key];
    if (field === undefined || typeof field === 'function') continue;
    text += `${text === '' ? '{' : ','}${quoted(key)}:${textOf(field, depth + 1)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}
