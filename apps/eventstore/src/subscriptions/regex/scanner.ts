import { InvalidPattern } from './node';

/** Walks through the text of a pattern. */
export class Scanner {
  offset = 0;

  constructor(readonly text: string) {}

  get next(): string {
    return this.text[this.offset] ?? '';
  }

  atEnd(): boolean {
    return this.offset >= this.text.length;
  }

  /** Passes over these characters if they come next. */
  skip(expected: string): boolean {
    if (!this.text.startsWith(expected, this.offset)) return false;
    this.offset += expected.length;
    return true;
  }

  take(): string {
    const char = this.next;
    if (char === '') throw new InvalidPattern('the pattern ends too early');
    this.offset += 1;
    return char;
  }

  /** What this sticky expression finds here. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.offset;
    const found = pattern.exec(this.text) ?? undefined;
    if (found !== undefined) this.offset += found[0].length;
    return found;
  }

  /** The digits, exactly so many, of a number to that base. */
  digits(count: number, base: 8 | 16): number {
    const text = this.text.slice(this.offset, this.offset + count);
    if (text.length < count || !(base === 16 ? /^[0-9a-fA-F]+$/ : /^[0-7]+$/).test(text))
      throw new InvalidPattern('an escape is cut short');
    this.offset += count;
    return Number.parseInt(text, base);
  }
}
