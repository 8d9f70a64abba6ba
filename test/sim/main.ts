import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { Pool, seedsFrom } from './pool/pool';
import { failureOf } from './report';
import { simulate } from './simulation';
import { soak } from './soak';
import { Tally } from './tally';

const USAGE = 'npm run sim -- [--seed N] [--seeds COUNT] [--trace] [--coverage] [--soak] [--workers COUNT]';

function whole(name: string, text: string): number {
  const n = Number(text);
  if (Number.isSafeInteger(n) && n >= 0) return n;
  throw new Error(`--${name} must be a whole number\n${USAGE}`);
}

const line = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** One world, in this process. @returns whether all held. */
async function one(seed: number, trace: boolean): Promise<boolean> {
  const result = await simulate(seed, trace ? line : undefined);
  const { violations, hash, events, steps, virtualMs, controllers, answers, faults } = result;
  if (violations.length > 0) line(failureOf(result));
  else
    line(
      JSON.stringify({
        seed,
        hash,
        events,
        steps,
        virtualMs,
        controllers,
        answers,
        faults: Object.fromEntries(faults),
      }),
    );
  return violations.length === 0;
}

/** Many worlds, one per processor at a time. */
async function many(pool: Pool, first: number, count: number, coverage: boolean): Promise<boolean> {
  const tally = new Tally();
  await pool.each(seedsFrom(first, count), (done) => {
    tally.add(done);
    if (done.result.violations.length > 0) line(tally.failures.at(-1) ?? '');
    return true;
  });
  if (coverage) line(`${tally.coverage.stepTable()}\n\n${tally.coverage.dealingTable()}\n`);
  line(tally.summary());
  return tally.failures.length === 0;
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '1' },
      trace: { type: 'boolean', default: false },
      coverage: { type: 'boolean', default: false },
      soak: { type: 'boolean', default: false },
      workers: { type: 'string', default: String(availableParallelism()) },
    },
  });
  const [first, count] = [whole('seed', values.seed), whole('seeds', values.seeds)];
  if (!values.soak && (count === 1 || values.trace)) return one(first, values.trace);
  const pool = new Pool(join(__dirname, 'pool/worker.js'), Math.max(1, whole('workers', values.workers)));
  try {
    return await (values.soak ? soak(pool, first, line) : many(pool, first, count, values.coverage));
  } finally {
    pool.close();
  }
}

void main().then((held) => {
  process.exitCode = held ? 0 : 1;
});
