import { createContext, Script } from 'node:vm';
import { DomainError } from '@cairn/domain';

/** The time limit of a pattern for one list, in milliseconds: V8's matcher takes exponential time for some patterns. */
const PATIENCE_MS = 100;
const MAX_PATTERN = 255;

const PLAIN = /^\^?[A-Za-z0-9_ @:-]*\$?$/;

const context = createContext({ pattern: '', texts: [] as readonly string[] });
const matching = new Script(`
  (() => {
    const re = new RegExp(pattern, 'i');
    return texts.map((text) => re.test(text));
  })()
`);

const refused = (pattern: string, why: string): DomainError =>
  new DomainError('invalid', 'filter.invalid', `Invalid filter '${pattern.slice(0, MAX_PATTERN)}': ${why}`);

/**
 * Which of the texts contain what the pattern describes, without regard to case (as MySQL's REGEXP, which nova's
 * filters end in). A tenant's pattern cannot hold up the process: it is stopped after 100 ms.
 *
 * @throws DomainError `invalid` for a pattern that is none, or takes too long.
 */
export function matchTexts(pattern: string, texts: readonly string[]): readonly boolean[] {
  if (pattern.length > MAX_PATTERN) throw refused(pattern, 'it is too long.');
  if (PLAIN.test(pattern)) return matchPlain(pattern.toLowerCase(), texts);
  context['pattern'] = pattern;
  context['texts'] = texts;
  try {
    return matching.runInContext(context, { timeout: PATIENCE_MS }) as boolean[];
  } catch (error) {
    const { name, code } = error as NodeJS.ErrnoException;
    if (name === 'SyntaxError') throw refused(pattern, 'it is not a regular expression.');
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw refused(pattern, 'it takes too long to match.');
    throw error;
  } finally {
    context['texts'] = [];
  }
}

/** Most filters are names or parts of names. */
function matchPlain(pattern: string, texts: readonly string[]): readonly boolean[] {
  const [atStart, atEnd] = [pattern.startsWith('^'), pattern.endsWith('$')];
  const part = pattern.slice(atStart ? 1 : 0, atEnd ? -1 : undefined);
  return texts.map((text) => {
    const lower = text.toLowerCase();
    if (atStart && atEnd) return lower === part;
    if (atStart) return lower.startsWith(part);
    return atEnd ? lower.endsWith(part) : lower.includes(part);
  });
}
