import { STATES } from '../fuzz/states';
import { MUTANTS } from '../sim/mutants';
import { IN_TURN } from './files';
import { type Choice, rotated } from './rotation';

const count = (members: number): readonly number[] => Array.from({ length: members }, (_, i) => i);
const rounds = (members: number): readonly string[] => count(members).map((i) => `round-${String(i)}`);

const whole = <T>(members: readonly T[], most: number): { readonly members: readonly T[]; readonly most: number } => ({
  members,
  most,
});

/** What has many members of one kind, and the most of them that come up in a run that is not deep. */
export const WHOLES = {
  /** The simulation's seeds. */
  seeds: whole(
    count(2_000).map((i) => i + 1),
    170,
  ),
  /** Places in MUTANTS. */
  mistakes: whole(count(MUTANTS.length), 4),
  /** Rounds in which a process of a cloud with simulated hosts is killed, and those of a cloud with real guests. */
  simulatedRounds: whole(rounds(100), 8),
  realRounds: whole(rounds(5), 1),
  /** Seeds of requests at random, and states of servers in which every action is asked for. */
  fuzzSeeds: whole(
    count(200).map((i) => i + 1),
    3,
  ),
  fuzzStates: whole(Object.keys(STATES), 1),
  /** Pairs of contradictory actions at once. */
  fuzzPairs: whole(
    count(200).map((i) => i + 1),
    40,
  ),
  /** Test files. */
  guestWalks: whole(IN_TURN.guests, 2),
  cloudWalks: whole(IN_TURN.e2e, 4),
  postgresFiles: whole(IN_TURN.postgres, Math.ceil(IN_TURN.postgres.length / 2)),
} as const;

type Name = keyof typeof WHOLES;

/** The members that one run covers. */
export type Chosen = { readonly [N in Name]: (typeof WHOLES)[N]['members'] };

export const chosen = (choice: Choice): Chosen =>
  Object.fromEntries(
    Object.entries(WHOLES).map(([name, { members, most }]) => [name, rotated<unknown>(members, most, choice)]),
  ) as unknown as Chosen;
