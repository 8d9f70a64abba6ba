import { CHOICE } from './choice';
import { allBut, IN_TURN } from './files';
import { chosen, WHOLES } from './wholes';

const CHOSEN = chosen(CHOICE);

const some = (name: keyof typeof WHOLES, what: string): string => {
  const [all, here] = [WHOLES[name].members.length, CHOSEN[name].length];
  return here === all ? `all ${String(all)} ${what}` : `${String(here)} of ${String(all)} ${what}`;
};

/** The first lines of a run: its choice, and the command that repeats it. */
function words(parts: readonly string[]): readonly string[] {
  const { seeds, mistakes, simulatedRounds, realRounds, guestWalks, cloudWalks } = CHOSEN;
  const again = ['./cairn test', ...(CHOICE.deep ? ['--deep'] : []), ...parts].join(' ');
  return [
    `${CHOICE.deep ? 'everything' : 'this commit chooses'}: ${some('seeds', 'seeds')} (from ${String(seeds[0])}), ` +
      `${some('mistakes', 'planted mistakes')} (${mistakes.map((i) => i + 1).join(', ')}), ` +
      `${some('simulatedRounds', 'crash rounds')}, ${some('realRounds', 'with real guests')} ` +
      `(from ${String(simulatedRounds[0])}, ${String(realRounds[0])}), ` +
      `${some('guestWalks', 'walks of real guests')} (${guestWalks.join(', ')}), ` +
      `${some('cloudWalks', 'of clouds')} (${cloudWalks.join(', ')}), ${some('postgresFiles', 'files on PostgreSQL')}`,
    ...(CHOICE.deep ? [] : [`the same again: CAIRN_TEST_CHOICE=${String(CHOICE.number)} ${again}`]),
  ];
}

/** For jest: the files of a part that come up. */
function filesOf(part: string): string {
  const turns = Object.entries(IN_TURN).find(([name]) => name === part)?.[1] ?? [];
  const here = new Set<string>([...CHOSEN.guestWalks, ...CHOSEN.cloudWalks, ...CHOSEN.postgresFiles]);
  return allBut(turns.filter((name) => !here.has(name)));
}

const [asked, ...parts] = process.argv.slice(2);
if (asked === 'number') process.stdout.write(`${String(CHOICE.number)}\n`);
else if (asked === 'files') process.stdout.write(`${filesOf(parts[0] ?? '')}\n`);
else for (const line of words(asked === 'parts' ? parts : [])) process.stdout.write(`[cairn] ${line}\n`);
