import { mkdtempSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { BenchCloud } from './bench-cloud';
import { type Figure, table } from './figures';
import { busySeconds, yardstick } from './machine';
import type { Part } from './part';
import { compared, sample } from './parts/growth';
import { filtering } from './parts/filtering';
import { launches } from './parts/launches';
import { lists } from './parts/lists';
import { logs } from './parts/logs';
import { many } from './parts/many';
import { memory } from './parts/memory';
import { operations } from './parts/operations';
import { real } from './parts/real';
import { script } from './parts/script';
import { tokens } from './parts/tokens';
import { whatLimits } from './profile';
import { hangUp } from './rest';
import type { Size } from './seed';

/** Parts that share one cloud, which run unless told otherwise, and those that have their own. */
const SHARED: Readonly<Record<string, Part>> = { launches, operations, tokens, lists, memory };
const OWN: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  growth,
  many: () => inCloud(MANY, many),
  real,
  filtering,
  logs,
  script: () => inCloud(undefined, script),
};
const USAGE = `usage: npm run bench -- [--profile] [${[...Object.keys(SHARED), ...Object.keys(OWN)].join('|')}]...`;

/** What a large cloud is: 10,000 servers in 500 projects. Less of it, for a look, by CAIRN_BENCH_EVENTS. */
const EVENTS = Number(process.env['CAIRN_BENCH_EVENTS'] ?? 1_000_000);
const LARGE: Size = { events: EVENTS, servers: Math.ceil(EVENTS / 100), projects: Math.ceil(EVENTS / 2_000) };

/** As many servers, with no more of a past than their launches. */
const MANY: Size = { events: 0, servers: 10_000, projects: 500 };

/** The same work in an empty cloud and in one with a long past. */
async function growth(): Promise<readonly Figure[]> {
  const small = await inCloud(undefined, sample);
  return compared(
    small,
    await inCloud(LARGE, async (bench) => {
      await bench.settled();
      return sample(bench);
    }),
  );
}

async function inCloud<T>(past: Size | undefined, work: (bench: BenchCloud) => Promise<T>, flags = ''): Promise<T> {
  const bench = await BenchCloud.start(flags, past);
  try {
    return await work(bench);
  } finally {
    hangUp();
    await bench.end();
  }
}

/** Measures a cloud of its own and prints the figures; `--profile` also prints what each process spent its time on. */
async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const profiled = args.includes('--profile');
  const chosen = names.length === 0 ? Object.keys(SHARED) : names;
  if (chosen.some((name) => !Object.hasOwn(SHARED, name) && !Object.hasOwn(OWN, name))) throw new Error(USAGE);
  const folder = profiled ? mkdtempSync(join(tmpdir(), 'cairn-profile-')) : '';
  const flags = profiled ? `--cpu-prof --cpu-prof-dir=${folder}` : '';
  const began = { busy: busySeconds(), at: performance.now() };
  say(`processor: ${yardstick().toFixed(0)} ms for the yardstick; load ${loadavg()[0]?.toFixed(1) ?? ''}`);
  const figures: Figure[] = [];
  const shared = chosen.filter((name) => Object.hasOwn(SHARED, name));
  if (shared.length > 0)
    await inCloud(
      undefined,
      async (bench) => {
        for (const name of shared) {
          say(`${name} ...`);
          figures.push(...((await SHARED[name]?.(bench)) ?? []));
        }
      },
      flags,
    );
  for (const name of chosen.filter((each) => Object.hasOwn(OWN, each))) {
    say(`${name} ...`);
    figures.push(...((await OWN[name]?.()) ?? []));
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
