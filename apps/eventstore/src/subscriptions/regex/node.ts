import type { CharSet } from './char-set';

/** What must be true at a place between two characters. */
export type Assertion =
  | 'begin'
  | 'end'
  /** The end, or before a line break that ends the text. */
  | 'last-line-end'
  | 'line-begin'
  | 'line-end'
  | 'boundary'
  | 'no-boundary';

/** A regular expression of .NET, taken apart. */
export type Node =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence' | 'choice'; readonly items: readonly Node[] }
  | {
      readonly kind: 'repeat';
      readonly item: Node;
      readonly least: number;
      readonly most: number;
      readonly lazy: boolean;
    }
  | { readonly kind: 'assertion'; readonly what: Assertion }
  | { readonly kind: 'group'; readonly item: Node; readonly number: number }
  /** These need a matcher that goes back. */
  | { readonly kind: 'look'; readonly item: Node; readonly behind: boolean; readonly negative: boolean }
  | { readonly kind: 'atomic'; readonly item: Node }
  | { readonly kind: 'reference'; readonly number: number };

/** The pattern is not valid in .NET's notation, or says something that is not understood here. */
export class PatternError extends Error {}

/** .NET does not take it either. */
export class InvalidPattern extends PatternError {}
