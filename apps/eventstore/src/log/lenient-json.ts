/** A value as it is written: integers, floats and the fields of objects keep what `JSON.parse` loses. */
export type JsonValue =
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' | 'undefined' }
  | { readonly kind: 'array'; readonly items: readonly JsonValue[] }
  | JsonObject;

export interface JsonObject {
  readonly kind: 'object';
  /** In the order in which they are written; a name may come twice. */
  readonly fields: readonly (readonly [name: string, value: JsonValue])[];
  /** A comment stands between the fields. */
  readonly hasComment: boolean;
}

/** The text is no object that EventStoreDB's JSON reader would take. */
export class JsonError extends Error {}

/** Deeper nesting is refused: the reader calls itself. */
const MAX_DEPTH = 64;

const SPACE = /[\s\u0085]*/y;
const COMMENT = /\/\*[^]*?\*\/|\/\/[^\r\n]*/y;
const BARE_NAME = /[\p{L}\p{Nd}_$]+/uy;
const WORD = /true|false|null|undefined|NaN|-?Infinity/y;
const NUMBER = /-?(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+)/y;
const ESCAPES: ReadonlyMap<string, string> = new Map(Object.entries({ b: '\b', t: '\t', n: '\n', f: '\f', r: '\r' }));

/** The kind of a document, by its beginning. */
export interface JsonHead {
  readonly object: JsonObject;
  /** A comment stands before the object. */
  readonly commented: boolean;
  /** Something other than space and comments stands behind the object. */
  readonly hasRest: boolean;
}

/**
 * Reads the object at the beginning of a text in the notation that EventStoreDB's JSON library (Newtonsoft.Json) takes:
 * single quotes, bare names, trailing commas, comments, raw line breaks in strings, NaN, hexadecimal and octal integers.
 * @throws JsonError
 */
export function readObject(text: string): JsonHead {
  const reader = new JsonReader(text.startsWith('\uFEFF') ? text.slice(1) : text);
  const commented = reader.pass();
  const object = reader.value(0);
  if (object.kind !== 'object') throw new JsonError('the document is no object');
  reader.pass();
  return { object, commented, hasRest: !reader.atEnd() };
}

/** Writes an object without spaces, as EventStoreDB writes the metadata that it changes. */
export function writeJson(value: JsonValue): string {
  switch (value.kind) {
    case 'integer':
      return value.value.toString();
    case 'float':
      return writeFloat(value.value);
    case 'string':
      return JSON.stringify(value.value);
    case 'boolean':
      return String(value.value);
    case 'array':
      return `[${value.items.map(writeJson).join(',')}]`;
    case 'object':
      return `{${value.fields.map(([name, field]) => `${JSON.stringify(name)}:${writeJson(field)}`).join(',')}}`;
    default:
      return value.kind;
  }
}

function writeFloat(value: number): string {
  const text = String(value);
  return Number.isInteger(value) && /^-?\d+$/.test(text) ? `${text}.0` : text.replace('e', 'E');
}

class JsonReader {
  private offset = 0;

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    return this.offset >= this.text.length;
  }

  /** Passes over space and comments. @returns whether there was a comment */
  pass(): boolean {
    let commented = false;
    for (;;) {
      this.take(SPACE);
      if (this.take(COMMENT) === undefined) return commented;
      commented = true;
    }
  }

  value(depth: number): JsonValue {
    if (depth > MAX_DEPTH) throw new JsonError('the document is nested too deeply');
    const next = this.text[this.offset];
    if (next === '{') return this.object(depth);
    if (next === '[') return this.array(depth);
    if (next === '"' || next === "'") return { kind: 'string', value: this.quoted(next) };
    const word = this.take(WORD);
    if (word !== undefined) return wordValue(word);
    const number = this.take(NUMBER);
    if (number === undefined) throw new JsonError('no value where one is expected');
    return numberValue(number);
  }

  private object(depth: number): JsonObject {
    const fields: [string, JsonValue][] = [];
    let hasComment = false;
    const pass = (): void => {
      hasComment = this.pass() || hasComment;
    };
    this.offset += 1;
    for (;;) {
      pass();
      if (this.skip('}')) return { kind: 'object', fields, hasComment };
      const name = this.name();
      pass();
      if (!this.skip(':')) throw new JsonError('no colon behind a name');
      pass();
      fields.push([name, this.value(depth + 1)]);
      pass();
      if (!this.skip(',') && this.text[this.offset] !== '}') throw new JsonError('no comma between two fields');
    }
  }

  private array(depth: number): JsonValue {
    const items: JsonValue[] = [];
    this.offset += 1;
    for (;;) {
      this.pass();
      if (this.skip(']')) return { kind: 'array', items };
      if (this.skip(',')) {
        items.push({ kind: 'undefined' });
        continue;
      }
      items.push(this.value(depth + 1));
      this.pass();
      if (!this.skip(',') && this.text[this.offset] !== ']') throw new JsonError('no comma between two items');
    }
  }

  private name(): string {
    const quote = this.text[this.offset];
    if (quote === '"' || quote === "'") return this.quoted(quote);
    const name = this.take(BARE_NAME);
    if (name === undefined) throw new JsonError('no name where one is expected');
    return name;
  }

  private quoted(quote: string): string {
    let value = '';
    for (this.offset += 1; ; this.offset += 1) {
      const char = this.text[this.offset];
      if (char === undefined) throw new JsonError('a string does not end');
      if (char === quote) break;
      value += char === '\\' ? this.escaped() : char;
    }
    this.offset += 1;
    return value;
  }

  private escaped(): string {
    this.offset += 1;
    const char = this.text[this.offset] ?? '';
    if ('"\'\\/'.includes(char) && char !== '') return char;
    if (char !== 'u') {
      const meant = ESCAPES.get(char);
      if (meant === undefined) throw new JsonError('an escape that is not known');
      return meant;
    }
    const digits = this.text.slice(this.offset + 1, this.offset + 5);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new JsonError('an escape that is not known');
    this.offset += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private skip(char: string): boolean {
    if (this.text[this.offset] !== char) return false;
    this.offset += 1;
    return true;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    const [found] = pattern.exec(this.text) ?? [];
    if (found !== undefined) this.offset += found.length;
    return found;
  }
}

function wordValue(word: string): JsonValue {
  if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' };
  if (word === 'null' || word === 'undefined') return { kind: word };
  return { kind: 'float', value: Number(word) };
}

/** A leading zero makes an integer octal, `0x` hexadecimal; neither may have a sign. */
function numberValue(text: string): JsonValue {
  if (/^-?0[xX]/.test(text) || /^0\d+$/.test(text)) {
    if (!/^0(?:[xX][0-9a-fA-F]{1,16}|[0-7]{1,22})$/.test(text)) throw new JsonError('a number that is none');
    const digits = /^0[xX]/.test(text) ? text : `0o${text.slice(1)}`;
    return { kind: 'integer', value: BigInt.asIntN(64, BigInt(digits)) };
  }
  if (/^-?\d+$/.test(text)) return { kind: 'integer', value: BigInt(text) };
  return { kind: 'float', value: Number(text) };
}
