import { own } from '@cairn/domain';

import { givenIn, lineOf } from './arguments';
import { Client, CommandError, credentialsOf, type Transport } from './client';
import { OWN } from './commands';
import { MISSING, RENAMED } from './missing';
import type { OwnCommand } from './own-command';

/** What a command works with: all of it can be another one in tests. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly transport: Transport;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Debian's `nova` with these words. @returns its exit status */
  readonly debians: (words: readonly string[]) => Promise<number>;
}

/** Exit statuses as python-novaclient has them: of a command that failed, and of one that was written wrongly. */
const [FAILED, MISUSED] = [1, 2];

const usageOf = (name: string, { usage, about }: OwnCommand): string =>
  `usage: nova ${name} ${usage}`.trimEnd() + `\n\n${about}\n`;

const overview = (): string =>
  `\nAnswered by Cairn:\n${Object.entries(OWN)
    .map(([name, { about }]) => `    ${name.padEnd(23)} ${about}\n`)
    .join('')}`;

/**
 * One call of the guide's `nova`: Debian's does what it knows, Cairn what that one does not know any more, and what the
 * cloud does not have is refused in one line.
 * @returns the exit status
 */
export async function nova(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const { err } = surroundings;
  try {
    return await answered(words, surroundings);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    err(`ERROR: ${error.message}\n`);
    return FAILED;
  }
}

async function answered(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const { env, transport, out, err, debians } = surroundings;
  const { options, command, rest } = lineOf(words);
  if (command === undefined || command === 'help') return help(rest[0], words, surroundings);
  const missing = own(MISSING, command);
  if (missing !== undefined) {
    err(`ERROR: nova ${command} needs what this cloud does not have: ${missing}.\n`);
    return FAILED;
  }
  const mine = own(OWN, command);
  if (mine === undefined) return debians(asDebians(words, command));
  const given = givenIn(rest);
  const [least, most] = mine.values;
  if (given.options.has('help')) {
    out(usageOf(command, mine));
    return 0;
  }
  if (given.values.length < least || given.values.length > most) {
    err(usageOf(command, mine));
    return MISUSED;
  }
  const isDebugged = options.has('debug') || given.options.has('debug');
  const tell = isDebugged
    ? (line: string): void => {
        err(`${line}\n`);
      }
    : undefined;
  out(await mine.run(new Client(transport, credentialsOf(options, env), tell), given));
  return 0;
}

async function help(of: string | undefined, words: readonly string[], { out, debians }: Surroundings): Promise<number> {
  const mine = of === undefined ? undefined : own(OWN, of);
  if (of !== undefined && mine !== undefined) {
    out(usageOf(of, mine));
    return 0;
  }
  const missing = of === undefined ? undefined : own(MISSING, of);
  if (missing !== undefined) {
    out(`nova ${of ?? ''} needs what this cloud does not have: ${missing}.\n`);
    return 0;
  }
  const status = await debians(of === undefined ? ['help'] : asDebians(words, of));
  if (of === undefined) out(overview());
  return status;
}

/** The words as Debian's `nova` knows them: options with hyphens, commands by their newer names. */
const asDebians = (words: readonly string[], command: string): readonly string[] =>
  words.map((word) => {
    if (word === command) return own(RENAMED, command) ?? word;
    return /^--os_/.test(word) ? word.replace(/^[^=]*/, (name) => name.replaceAll('_', '-')) : word;
  });
