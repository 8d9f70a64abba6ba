import { CommandError } from './client';

/** What was written behind a command. */
export interface Given {
  readonly values: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

/** Options that stand alone. */
const FLAGS: ReadonlySet<string> = new Set(['debug', 'all-tenants', 'help', 'detail']);

/** The guide writes `--os_username` as well as `--os-username`. */
const named = (word: string): string => word.replace(/^--?/, '').replaceAll('_', '-');

const isOption = (word: string): boolean => /^--[a-z]/i.test(word) || word === '-h';

/** Options before the command, the command, and the rest as it is. */
export interface Line {
  readonly options: ReadonlyMap<string, string>;
  readonly command: string | undefined;
  readonly rest: readonly string[];
}

/** @throws CommandError for an option without its value. */
export function lineOf(words: readonly string[]): Line {
  const options = new Map<string, string>();
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (!isOption(word)) return { options, command: word, rest: words.slice(i + 1) };
    i += take(words, i, options);
  }
  return { options, command: undefined, rest: [] };
}

/** @throws CommandError for an option without its value. */
export function givenIn(words: readonly string[]): Given {
  const options = new Map<string, string>();
  const values: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (isOption(word)) i += take(words, i, options);
    else values.push(word);
  }
  return { values, options };
}

/** How many words more than its own the option at a place has. */
function take(words: readonly string[], at: number, options: Map<string, string>): number {
  const [name = '', ...inline] = (words[at] ?? '').split('=');
  const key = name === '-h' ? 'help' : named(name);
  if (inline.length > 0) options.set(key, inline.join('='));
  else if (FLAGS.has(key)) options.set(key, '');
  else {
    const value = words[at + 1];
    if (value === undefined) throw new CommandError(`argument --${key}: expected one argument`);
    options.set(key, value);
    return 1;
  }
  return 0;
}
