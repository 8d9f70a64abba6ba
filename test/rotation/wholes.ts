import { STATES } from '../fuzz/states';
import { MUTANTS } from '../sim/mutants';
import { GUEST_WALKS } from '../support/real-guests';
import { type Choice, rotated } from './rotation';

const count = (members: number): readonly number[] => Array.from({ length: members }, (_, i) => i);

/** The simulation's seeds. */
export const SEEDS = count(2_000).map((i) => i + 1);
/** Places in MUTANTS. */
export const MISTAKES = count(MUTANTS.length);
/** Rounds in which a process of a cloud with simulated hosts is killed, and those of a cloud with real guests. */
export const SIMULATED_ROUNDS = count(100).map((i) => `round-${String(i)}`);
export const REAL_ROUNDS = count(5).map((i) => `round-${String(i)}`);

/** Seeds of requests at random, and states of servers in which every action is asked for. */
export const FUZZ_SEEDS = count(200).map((i) => i + 1);
export const FUZZ_STATES = Object.keys(STATES);
/** Pairs of contradictory actions at once. */
export const FUZZ_PAIRS = count(200).map((i) => i + 1);

/** The most of each whole that comes up in a run that is not deep. */
export const SIZES = {
  seeds: 170,
  mistakes: 4,
  simulatedRounds: 8,
  realRounds: 1,
  fuzzSeeds: 3,
  fuzzStates: 1,
  guestWalks: 2,
  fuzzPairs: 40,
} as const;

/** The members that one run covers. */
export interface Chosen {
  readonly seeds: readonly number[];
  readonly mistakes: readonly number[];
  readonly simulatedRounds: readonly string[];
  readonly realRounds: readonly string[];
  readonly fuzzSeeds: readonly number[];
  readonly fuzzStates: readonly string[];
  readonly guestWalks: readonly string[];
  readonly fuzzPairs: readonly number[];
}

export const chosen = (choice: Choice): Chosen => ({
  seeds: rotated(SEEDS, SIZES.seeds, choice),
  mistakes: rotated(MISTAKES, SIZES.mistakes, choice),
  simulatedRounds: rotated(SIMULATED_ROUNDS, SIZES.simulatedRounds, choice),
  realRounds: rotated(REAL_ROUNDS, SIZES.realRounds, choice),
  fuzzSeeds: rotated(FUZZ_SEEDS, SIZES.fuzzSeeds, choice),
  fuzzStates: rotated(FUZZ_STATES, SIZES.fuzzStates, choice),
  guestWalks: rotated(GUEST_WALKS, SIZES.guestWalks, choice),
  fuzzPairs: rotated(FUZZ_PAIRS, SIZES.fuzzPairs, choice),
});
