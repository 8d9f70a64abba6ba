/** Text that is ready, or a value whose text is still to be made. */
type Part = string | { readonly value: unknown };

/** What is not in JSON: left out of objects. */
const isLeftOut = (value: unknown): boolean =>
  value === undefined || typeof value === 'function' || typeof value === 'symbol';

/**
 * The JSON text of a value of any depth: with a list of what is still to be written, where JSON.stringify would call itself
 * until there is no stack left.
 * @param keysOf the keys of an object in the order in which they are written
 */
export function deepText(value: unknown, keysOf: (value: object) => readonly string[]): string {
  const text: string[] = [];
  /** What comes next is last. */
  const left: Part[] = [{ value }];
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    if (typeof part === 'string') text.push(part);
    else left.push(...partsOf(said(part.value), keysOf).reverse());
  }
  return text.join('');
}

/** What a value wants to be in JSON, as a date does. */
const said = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function'
    ? (value.toJSON as () => unknown)()
    : value;

function partsOf(value: unknown, keysOf: (value: object) => readonly string[]): Part[] {
  if (typeof value !== 'object' || value === null) return [isLeftOut(value) ? 'null' : JSON.stringify(value)];
  const parts: Part[] = [];
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) parts.push(parts.length === 0 ? '[' : ',', { value: item });
    return parts.length === 0 ? ['[]'] : [...parts, ']'];
  }
  for (const key of keysOf(value)) {
    // eslint-disable-next-line cairn/own-keys -- the keys are the object's own
    const field = (value as Readonly<Record<string, unknown>>)[key];
    if (isLeftOut(field)) continue;
    parts.push(`${parts.length === 0 ? '{' : ','}${JSON.stringify(key)}:`, { value: field });
  }
  return parts.length === 0 ? ['{}'] : [...parts, '}'];
}
