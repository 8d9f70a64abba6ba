import { setFlagsFromString } from 'node:v8';

/** Longest regular expression that is compiled; more cannot be meant well. */
const MAX_LENGTH = 1_000;

/** V8's flag for its engine that never backtracks; other engines do not know it and say so. */
const LINEAR = 'l';
setFlagsFromString('--enable-experimental-regexp-engine');

/** Unbounded repetitions that a backtracking pattern may have: on a name of 4 KiB, two cost milliseconds, three seconds. */
const MAX_REPETITIONS = 2;

/**
 * Compiles a client's regular expression so that no name can keep the server busy: in linear time where the pattern
 * allows it, and otherwise (look-around, back-references, counted groups) only when it can hardly backtrack.
 * @returns the compiled pattern, or the reason for refusing it
 */
export function compilePattern(source: string): RegExp | string {
  if (source.length > MAX_LENGTH) return `the regular expression is longer than ${String(MAX_LENGTH)} characters`;
  const plain = tryCompile(source, '');
  if (plain === undefined) return 'the regular expression is not valid here (JavaScript notation is understood)';
  const linear = tryCompile(source, LINEAR);
  if (linear !== undefined) return linear;
  return mayExplode(source) ? 'the regular expression could take unbounded time on some names' : plain;
}

function tryCompile(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

function mayExplode(source: string): boolean {
  const bare = source.replaceAll(/\\./gs, 'x').replaceAll(/\[[^\]]*\]/gs, 'x');
  const repeatedGroup = /\)(?:[*+]|\{\d)/.test(bare);
  const repetitions = bare.match(/[*+]|\{\d+,\d*\}/g)?.length ?? 0;
  return repeatedGroup || repetitions > MAX_REPETITIONS;
}
