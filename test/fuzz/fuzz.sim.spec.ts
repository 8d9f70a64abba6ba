import { CHOICE } from '../rotation/choice';
import { chosen, WHOLES } from '../rotation/wholes';
import { Coverage } from './coverage';
import { episode } from './episode';
import { clashes } from './pairs';
import { report } from './report';
import { shortest } from './shortest';
import { everyAction, everyOperation } from './walk';
import { UNGRANTED } from './ungranted';

const LONG_MS = 3_600_000;
const asked = (process.env['FUZZ_SEED'] ?? '').split(',').filter((text) => text !== '');
const { fuzzSeeds, fuzzStates, fuzzPairs } = chosen(CHOICE);
const seeds = asked.length > 0 ? asked.map(Number) : fuzzSeeds;

describe(`all APIs, asked at random (${String(seeds.length)} of ${String(WHOLES.fuzzSeeds.members.length)} seeds)`, () => {
  const coverage = new Coverage();
  let keys: readonly string[] = [];
  afterAll(() => {
    process.stdout.write(`${String(coverage.total)} requests by operation and status\n${coverage.table(keys)}\n`);
  });

  it(
    'grant each operation to somebody',
    async () => {
      const { never, failure, coverage: seen, operations } = await everyOperation();
      keys = operations.map(({ key }) => key);
      coverage.add(seen);
      if (failure !== undefined) throw new Error(report(0, failure));
      const unexplained = never.filter((key) => UNGRANTED[key] === undefined);
      expect(unexplained).toEqual([]);
    },
    LONG_MS,
  );

  it.each(fuzzStates)(
    'answer each action on a server that is %s',
    async (state) => {
      const { failure, coverage: seen } = await everyAction(state);
      coverage.add(seen);
      if (failure !== undefined) throw new Error(report(0, failure));
    },
    LONG_MS,
  );

  it(
    'grant one of two contradictory actions at once, and refuse the other with 409',
    async () => {
      expect(await clashes(fuzzPairs)).toEqual([]);
    },
    LONG_MS,
  );

  it.each(seeds)(
    'keep every rule whatever they are asked (seed %s)',
    async (seed) => {
      const { failure, coverage: seen } = await episode(seed);
      coverage.add(seen);
      if (failure !== undefined) throw new Error(report(seed, await shortest(failure)));
    },
    LONG_MS,
  );
});
