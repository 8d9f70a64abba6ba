import { CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE, stringEnd } from './json-bytes';

/** Below it a loop copies faster than a call does. */
const SHORT = 128;
/** Objects in objects whose members are moved; those that are deeper stay as they are. */
const DEEPEST = 16;
/** Of a member: where its key begins (with its quote) and ends, and where its value ends. */
const MEMBER = 3;

/**
 * A text that is put together of bytes, and of JSON whose keys are sorted on the way without parsing it. Nothing is made
 * for a member but three numbers: this is done for every event of a log.
 */
export class CanonicalText {
  private text = new Uint8Array(64 * 1024);
  private length = 0;
  private members = new Int32Array(1_024 * MEMBER);

  /** Starts over. @param most bytes that will be put */
  begin(most: number): void {
    this.length = 0;
    if (most > this.text.length) this.text = new Uint8Array(2 * most);
  }

  /** What has been put; it lasts until more is. */
  get bytes(): Uint8Array {
    return this.text.subarray(0, this.length);
  }

  put(bytes: Uint8Array, from = 0, to = bytes.length): void {
    const { text, length } = this;
    if (to - from < SHORT) for (let i = from; i < to; i += 1) text[length + i - from] = bytes[i] as number;
    else text.set(bytes.subarray(from, to), length);
    this.length = length + to - from;
  }

  /**
   * Puts the JSON between two bytes with each object's members in the order of their keys' bytes. They are moved whole, so
   * that nothing else changes. That is the canonical form where numbers, texts and white space are in it already; of
   * what is no JSON comes something that is none either.
   */
  putSorted(bytes: Uint8Array, from: number, to: number): void {
    this.value(bytes, from, to, 0, 0);
  }

  /**
   * @param to where it ends
   * @param used members that those around it have
   */
  private value(bytes: Uint8Array, from: number, to: number, used: number, depth: number): void {
    const first = bytes[from];
    if (to - from < 2) this.put(bytes, from, to);
    else if (depth < DEEPEST && first === OPEN_OBJECT) this.object(bytes, from, to, used, depth + 1);
    else if (depth < DEEPEST && first === OPEN_ARRAY) this.array(bytes, from, to, used, depth + 1);
    else this.put(bytes, from, to);
  }

  private array(bytes: Uint8Array, from: number, to: number, used: number, depth: number): void {
    let done = from;
    for (let i = from + 1; i < to - 1; i += 1) {
      const end = valueEnd(bytes, i, to - 1);
      if (bytes[i] === OPEN_OBJECT || bytes[i] === OPEN_ARRAY) {
        this.put(bytes, done, i);
        this.value(bytes, i, end, used, depth);
        done = end;
      }
      i = end;
    }
    this.put(bytes, done, to);
  }

  private object(bytes: Uint8Array, from: number, to: number, used: number, depth: number): void {
    const end = this.findMembers(bytes, from, to, used);
    if (end < 0) {
      this.put(bytes, from, to); // no JSON
      return;
    }
    this.put(bytes, from, from + 1);
    for (let m = used; m < end; m += MEMBER) {
      const [start, key, last] = [
        this.members[m] as number,
        this.members[m + 1] as number,
        this.members[m + 2] as number,
      ];
      if (m > used) this.text[this.length++] = COMMA;
      const first = bytes[key + 1];
      if (first === OPEN_OBJECT || first === OPEN_ARRAY) {
        this.put(bytes, start, key + 1);
        this.value(bytes, key + 1, last, end, depth);
      } else this.put(bytes, start, last);
    }
    this.put(bytes, to - 1, to);
  }

  /** Notes an object's members behind those that are used, sorted. @returns the end of them, or -1 when it is none */
  private findMembers(bytes: Uint8Array, from: number, to: number, used: number): number {
    let [i, end] = [from + 1, used];
    while (i < to - 1) {
      const key = bytes[i] === QUOTE ? stringEnd(bytes, i, to) : to;
      if (bytes[key] !== COLON) return -1;
      const last = valueEnd(bytes, key + 1, to - 1);
      if (last < to - 1 && (bytes[last] !== COMMA || last === to - 2)) return -1;
      this.note(end, i, key, last);
      this.sink(bytes, used, end);
      end += MEMBER;
      i = last + 1;
    }
    return end;
  }

  private note(at: number, start: number, key: number, last: number): void {
    if (at + MEMBER > this.members.length) {
      const larger = new Int32Array(2 * this.members.length);
      larger.set(this.members);
      this.members = larger;
    }
    this.members[at] = start;
    this.members[at + 1] = key;
    this.members[at + 2] = last;
  }

  /** Moves the last member to its place among those before it. Few objects have more than ten. */
  private sink(bytes: Uint8Array, used: number, last: number): void {
    const { members } = this;
    for (let at = last; at > used && isBefore(bytes, members, at, at - MEMBER); at -= MEMBER) {
      for (let i = at; i < at + MEMBER; i += 1) {
        const moved = members[i] as number;
        members[i] = members[i - MEMBER] as number;
        members[i - MEMBER] = moved;
      }
    }
  }
}

/** Compares keys without their quotes: a quote is not smaller than every letter. */
function isBefore(bytes: Uint8Array, members: Int32Array, a: number, b: number): boolean {
  const [endOfA, endOfB] = [(members[a + 1] as number) - 1, (members[b + 1] as number) - 1];
  let [inA, inB] = [(members[a] as number) + 1, (members[b] as number) + 1];
  while (inA < endOfA && inB < endOfB && bytes[inA] === bytes[inB]) {
    inA += 1;
    inB += 1;
  }
  if (inA === endOfA || inB === endOfB) return inA === endOfA && inB < endOfB;
  return (bytes[inA] as number) < (bytes[inB] as number);
}

/** @returns what is behind the value that begins here, or the end */
function valueEnd(bytes: Uint8Array, from: number, to: number): number {
  let depth = 0;
  for (let i = from; i < to; i += 1) {
    const byte = bytes[i];
    if (byte === QUOTE) i = stringEnd(bytes, i, to) - 1;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1;
    else if (byte === COMMA && depth === 0) return i;
  }
  return to;
}
