import { mkdtempSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { BenchCloud } from './bench-cloud';
import { type Figure, table } from './figures';
import { busySeconds, yardstick } from './machine';
import type { Part } from './part';
import { launches } from './parts/launches';
import { lists } from './parts/lists';
import { memory } from './parts/memory';
import { tokens } from './parts/tokens';
import { whatLimits } from './profile';
import { hangUp } from './rest';

const PARTS: Readonly<Record<string, Part>> = { launches, tokens, lists, memory };
const USAGE = `usage: npm run bench -- [--profile] [${Object.keys(PARTS).join('|')}]...`;

/** Measures a cloud of its own and prints the figures; `--profile` also prints what each process spent its time on. */
async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const profiled = args.includes('--profile');
  const chosen = names.length === 0 ? Object.keys(PARTS) : names;
  const parts = chosen.map((name) => PARTS[name]);
  if (parts.includes(undefined)) throw new Error(USAGE);
  const folder = profiled ? mkdtempSync(join(tmpdir(), 'cairn-profile-')) : '';
  const began = { busy: busySeconds(), at: performance.now() };
  say(`processor: ${yardstick().toFixed(0)} ms for the yardstick; load ${loadavg()[0]?.toFixed(1) ?? ''}`);
  const bench = await BenchCloud.start(profiled ? `--cpu-prof --cpu-prof-dir=${folder}` : '');
  const figures: Figure[] = [];
  try {
    for (const [i, part] of parts.entries()) {
      say(`${chosen[i] ?? ''} ...`);
      figures.push(...((await part?.(bench)) ?? []));
    }
  } finally {
    hangUp();
    await bench.end();
  }
  const seconds = (performance.now() - began.at) / 1_000;
  say(
    `processor: ${yardstick().toFixed(0)} ms for the yardstick; ${((busySeconds() - began.busy) / seconds).toFixed(1)} busy`,
  );
  console.log(`\n${table(figures)}\n`);
  if (profiled) console.log(`Shares of busy time (profiles in ${folder}):\n${whatLimits(folder).join('\n')}`);
}

const say = (text: string): void => {
  console.error(`[bench] ${text}`);
};

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
