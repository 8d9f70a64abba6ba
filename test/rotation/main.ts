import { GUEST_WALKS, REAL_GUESTS } from '../support/real-guests';
import { CHOICE } from './choice';
import { chosen, MISTAKES, REAL_ROUNDS, SEEDS, SIMULATED_ROUNDS } from './wholes';

const some = (all: readonly unknown[], of: readonly unknown[], what: string): string =>
  all.length === of.length
    ? `all ${String(of.length)} ${what}`
    : `${String(all.length)} of ${String(of.length)} ${what}`;

/** The first lines of a run: its choice, and the command that repeats it. */
function words(parts: readonly string[]): readonly string[] {
  const { seeds, mistakes, simulatedRounds, realRounds, guestWalks } = chosen(CHOICE);
  const again = ['./cairn test', ...(CHOICE.deep ? ['--deep'] : []), ...parts].join(' ');
  return [
    `${CHOICE.deep ? 'everything' : 'this commit chooses'}: ${some(seeds, SEEDS, 'seeds')} (from ${String(seeds[0])}), ` +
      `${some(mistakes, MISTAKES, 'planted mistakes')} (${mistakes.map((i) => i + 1).join(', ')}), ` +
      `${some(simulatedRounds, SIMULATED_ROUNDS, 'crash rounds')}, ${some(realRounds, REAL_ROUNDS, 'with real guests')} ` +
      `(from ${String(simulatedRounds[0])}, ${String(realRounds[0])}), ` +
      `${some(guestWalks, GUEST_WALKS, 'walks of real guests')} (${guestWalks.join(', ')})`,
    ...(CHOICE.deep ? [] : [`the same again: CAIRN_TEST_CHOICE=${String(CHOICE.number)} ${again}`]),
  ];
}

/** For jest: the files of the part `guests` that come up. */
function guestFiles(): string {
  const { guestWalks } = chosen(CHOICE);
  const files = REAL_GUESTS.filter((name) => !GUEST_WALKS.includes(name) || guestWalks.includes(name));
  return `/(${files.join('|')})\\.e2e\\.`;
}

const [asked, ...parts] = process.argv.slice(2);
if (asked === 'number') process.stdout.write(`${String(CHOICE.number)}\n`);
else if (asked === 'guests') process.stdout.write(`${guestFiles()}\n`);
else for (const line of words(asked === 'parts' ? parts : [])) process.stdout.write(`[cairn] ${line}\n`);
