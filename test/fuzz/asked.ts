import type { CallerName } from './callers';

/** What a reference is to point to when the request is made: only then it is known which things there are. */
export interface Ref {
  /** The collection, by its word in URLs: `servers`, `images`. */
  readonly $ref: string;
  /** `own`: of the caller's project, if it has any; `other`: of another project's alone; `gone`: deleted. */
  readonly whose: 'own' | 'other' | 'gone' | 'unknown' | 'garbage';
  /** Which of them, in [0, 1): the newest is 0. */
  readonly at: number;
}

/** A text that nothing else has, which begins so. */
export interface Unique {
  readonly $unique: string;
}

/** JSON in which references stand for ids. */
export type Node = null | boolean | number | string | Ref | Unique | readonly Node[] | NodeObject;
export interface NodeObject {
  readonly [name: string]: Node;
}

export const isRef = (node: unknown): node is Ref => typeof node === 'object' && node !== null && '$ref' in node;
export const isUnique = (node: unknown): node is Unique =>
  typeof node === 'object' && node !== null && '$unique' in node;
export const isNodeObject = (node: Node): node is NodeObject =>
  typeof node === 'object' && node !== null && !Array.isArray(node) && !isRef(node) && !isUnique(node);

/** What happens to the bytes of a body on their way. */
export const SPOILINGS = [
  'cut',
  'bytes that are no UTF-8',
  'byte order mark',
  'NUL',
  'a key twice',
  'something behind it',
  'not a number',
  'deep',
  'wide',
  'comment',
] as const;
export type Spoiling = (typeof SPOILINGS)[number];

/** What goes on in the cloud once the answer is there. */
export type Sequel = 'settle' | 'nothing' | 'refused' | 'impossible' | 'hours';

/** One request, as it can be repeated in another cloud. */
export interface Asked {
  /** `compute POST /servers`, and the word of an action behind it. */
  readonly operation: string;
  /** Which of the route's URLs. */
  readonly spelling: number;
  readonly who: CallerName;
  readonly params: readonly (Ref | string)[];
  readonly query: readonly (readonly [name: string, value: Node])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Node;
  /** A body that is no JSON. */
  readonly data?: string;
  readonly spoiling?: Spoiling;
  readonly then: Sequel;
}
