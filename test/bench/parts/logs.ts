import { BenchCloud, FIRST_PORT } from '../bench-cloud';
import { type Figure, percentile } from '../figures';
import { GOALS } from '../goals';
import { cpuTimes, sum } from '../machine';
import { createMany, deleteAll } from './launches';

/** An EventStoreDB with an empty log; and its process where it is on this machine, to count its processor time. */
const REAL = process.env['CAIRN_BENCH_EVENTSTORE'];
const PID = process.env['CAIRN_BENCH_EVENTSTORE_PID'];

const ROUNDS = Number(process.env['CAIRN_BENCH_ROUNDS'] ?? 5);
const COUNT = 400;
const WARM_UP = 100;

interface Side {
  readonly bench: BenchCloud;
  readonly store: () => number;
  readonly rates: number[];
  readonly cpu: number[];
}

/** The same launches in a cloud on the embedded store and in one on an EventStoreDB, in turn. */
export async function logs(): Promise<readonly Figure[]> {
  if (REAL === undefined) throw new Error('CAIRN_BENCH_EVENTSTORE names no EventStoreDB with an empty log');
  const sides: Side[] = [];
  try {
    const embedded = { firstPort: FIRST_PORT + 40, bridge: 'brbenchlog1' };
    sides.push(side(await BenchCloud.start('', undefined, embedded), () => 0));
    const settings = { CAIRN_EVENTSTORE_URL: REAL };
    const real = { firstPort: FIRST_PORT + 60, cidr: '10.76.0.0/20', bridge: 'brbenchlog2', settings };
    sides.push(side(await BenchCloud.start('', undefined, real), () => (PID === undefined ? 0 : cpuTimes(PID).own)));
    for (const { bench } of sides) {
      await createMany(bench, WARM_UP, 'warm');
      await deleteAll(bench);
    }
    // who begins changes with each round, so that neither always follows the other's garbage
    for (let round = 0; round < ROUNDS; round += 1)
      for (const one of round % 2 === 0 ? sides : sides.toReversed()) await measure(one, round);
    return figuresOf(sides);
  } finally {
    for (const { bench } of sides) await bench.end();
  }
}

const side = (bench: BenchCloud, store: () => number): Side => ({ bench, store, rates: [], cpu: [] });

async function measure({ bench, store, rates, cpu }: Side, round: number): Promise<void> {
  const before = store();
  const swept = await createMany(bench, COUNT, `round-${String(round)}`);
  rates.push(swept.perSecond);
  cpu.push((sum(swept.cpu.values()) + store() - before) * (1_000 / COUNT));
  await deleteAll(bench);
}

function figuresOf(sides: readonly Side[]): readonly Figure[] {
  const p50 = (values: readonly number[]): number => percentile(values, 0.5);
  const named = ['the embedded store', 'an EventStoreDB'];
  const figures = sides.flatMap(({ rates, cpu }, index): Figure[] => [
    {
      what: `launches to ACTIVE on ${named[index] ?? ''}`,
      value: p50(rates),
      unit: '/s',
      better: 'more',
      note: list(rates),
    },
    {
      what: `processor time of a launch on ${named[index] ?? ''}`,
      value: p50(cpu),
      unit: 'ms',
      better: 'less',
      note: list(cpu),
    },
  ]);
  const [embedded = [], real = []] = sides.map(({ rates }) => rates);
  const ratios = real.map((rate, round) => rate / (embedded[round] ?? NaN));
  return [
    ...figures,
    {
      what: 'launches on an EventStoreDB by those on the embedded store',
      value: p50(ratios),
      ...GOALS.logs,
      note: list(ratios),
    },
  ];
}

const list = (values: readonly number[]): string => values.map((value) => value.toFixed(value < 10 ? 2 : 0)).join(', ');
