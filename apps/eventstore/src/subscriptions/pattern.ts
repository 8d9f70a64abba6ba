import { GenerationalCache } from '@cairn/cache';
import { Automaton } from './regex/automaton';
import { toJavaScript } from './regex/javascript';
import { InvalidPattern, PatternError, type Node } from './regex/node';
import { parsePattern } from './regex/parse';

/** Longest regular expression that is compiled; more cannot be meant well. */
const MAX_LENGTH = 2_000;

/** Why a pattern is not taken, and whether .NET would not take it either. */
export interface Refusal {
  readonly why: string;
  readonly isInvalid: boolean;
}

/** A compiled pattern: whether a name holds a match, by .NET's rules. */
export interface Pattern {
  test(name: string): boolean;
}

/**
 * Compiles a client's regular expression, which is .NET's, so that no name can keep the server busy: in linear time where
 * the pattern allows it, and otherwise (look-around, references, atomic groups) only when it can hardly go back.
 * @returns the compiled pattern, or the reason for refusing it
 */
export function compilePattern(source: string): Pattern | Refusal {
  if (source.length > MAX_LENGTH)
    return { why: `the regular expression is longer than ${String(MAX_LENGTH)} characters`, isInvalid: false };
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const result = compile(source);
  compiled.set(source, result);
  return result;
}

/** Clients ask with the same few again and again, and to compile one takes longer than the read that it is for. */
const compiled = new GenerationalCache<string, Pattern | Refusal>(32);

function compile(source: string): Pattern | Refusal {
  try {
    const pattern = parsePattern(source);
    return isRegular(pattern) ? new Automaton(pattern) : toJavaScript(pattern);
  } catch (error) {
    if (error instanceof PatternError)
      return {
        why: `the regular expression is not taken: ${error.message}`,
        isInvalid: error instanceof InvalidPattern,
      };
    throw error;
  }
}

function isRegular(node: Node): boolean {
  if (node.kind === 'look' || node.kind === 'atomic' || node.kind === 'reference') return false;
  if ('item' in node) return isRegular(node.item);
  return !('items' in node) || node.items.every(isRegular);
}
