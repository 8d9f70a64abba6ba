/** What a metadata document says, as far as the model knows: numbers are int64. */
export interface ModelRetention {
  readonly maxCount: bigint | undefined;
  readonly truncateBefore: bigint;
}

const VOID: ModelRetention = { maxCount: undefined, truncateBefore: 0n };
const LARGEST = 2n ** 63n - 1n;

/**
 * The model reads strict JSON, whose numbers keep their digits; what only Newtonsoft's reader takes is tested by tables.
 * Integers become `{int: digits}` before they are parsed, everything else stays.
 */
function parse(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const marked = text.replaceAll(
      /("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)/g,
      (whole, quoted: string | undefined) =>
        quoted !== undefined ? whole : /^-?\d+$/.test(whole) ? `{"int":"${whole}"}` : `{"float":"${whole}"}`,
    );
    const value: unknown = JSON.parse(marked);
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isRecord && !('int' in value) ? new Map(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(text: string): boolean {
  return parse(text) !== undefined;
}

/** A document is taken whole or not at all. */
export function retention(text: string): ModelRetention {
  const fields = parse(text);
  if (fields === undefined) return VOID;
  const numbers = ['$maxCount', '$maxAge', '$tb', '$cacheControl'].map((name) => integer(fields.get(name)));
  const acl = fields.get('$acl');
  const temporary = fields.get('$tmp');
  if (numbers.includes('wrong') || (acl !== undefined && !isAcl(acl))) return VOID;
  if (temporary !== undefined && typeof temporary !== 'boolean') return VOID;
  const [maxCount, , truncateBefore] = numbers;
  return {
    maxCount: typeof maxCount === 'bigint' && maxCount > 0n ? maxCount : undefined,
    truncateBefore: typeof truncateBefore === 'bigint' && truncateBefore > 0n ? truncateBefore : 0n,
  };
}

/** The same document with another `$tb`, where it was or at the end. */
export function withTruncateBefore(text: string, truncateBefore: bigint): string {
  const fields = new Map(parse(text) ?? []);
  fields.set('$tb', { int: String(truncateBefore) });
  const marked = JSON.stringify(Object.fromEntries(fields));
  return marked.replaceAll(/\{"(int|float)":"([^"]*)"\}/g, (_, kind: string, digits: string) =>
    kind === 'int' ? digits : Number.isInteger(Number(digits)) ? Number(digits).toFixed(1) : String(Number(digits)),
  );
}

function integer(value: unknown): bigint | 'absent' | 'wrong' {
  if (value === undefined) return 'absent';
  if (typeof value !== 'object' || value === null || !('int' in value)) return 'wrong';
  const number = BigInt(String(value.int));
  return number > LARGEST || number < -LARGEST - 1n ? 'wrong' : number;
}

function isAcl(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || 'int' in value) return false;
  return Object.entries(value).every(([key, roles]: [string, unknown]) => {
    const names: readonly unknown[] = Array.isArray(roles) ? roles : [roles];
    return ['$r', '$w', '$d', '$mr', '$mw'].includes(key) && names.every((name) => typeof name === 'string');
  });
}
