import { parseArgs } from 'node:util';

import { Coverage } from './coverage';
import { type Result, simulate } from './simulation';

const USAGE = 'npm run sim -- --seed N [--seeds COUNT] [--trace] [--coverage]';

function whole(name: string, text: string): number {
  const n = Number(text);
  if (Number.isSafeInteger(n) && n >= 0) return n;
  throw new Error(`--${name} must be a whole number\n${USAGE}`);
}

const line = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function report({ seed, violations, lastLines }: Result): void {
  line(`seed ${String(seed)} broke what must hold:`);
  for (const violation of violations) line(`  ${violation}`);
  line('the last that happened:');
  for (const last of lastLines) line(`  ${last}`);
  line(`again, with all that happened: npm run sim -- --seed ${String(seed)} --trace`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '1' },
      trace: { type: 'boolean' },
      coverage: { type: 'boolean' },
    },
  });
  const [first, count] = [whole('seed', values.seed), whole('seeds', values.seeds)];
  const started = process.hrtime.bigint();
  const coverage = new Coverage();
  let failed = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const result = await simulate(seed, values.trace === true ? line : undefined);
    coverage.add(result.deaths);
    if (result.violations.length > 0) {
      failed += 1;
      report(result);
    } else if (count === 1) {
      const { hash, events, steps, virtualMs, answers, faults } = result;
      line(JSON.stringify({ seed, hash, events, steps, virtualMs, answers, faults: Object.fromEntries(faults) }));
    }
  }
  if (values.coverage === true) line(coverage.table());
  const ms = Number((process.hrtime.bigint() - started) / 1_000_000n);
  line(`${String(count)} seeds in ${String(ms)} ms, ${String(failed)} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

void main();
