import { Cloud, DEMO } from '../e2e/cloud';

import { simulatedHosts } from './hosts';
import { report } from './report';
import { type Round, Trial } from './trial';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 100);
const SEED = process.env['CRASH_SEED'];
/** Tries that may be spent on rounds in which too little was in flight. */
const SPARE = ROUNDS;

/**
 * Issue 3, proof 3: `kill -9` of controller, agent or event store at a position of the log that the seed chooses, with at
 * least five operations in flight. Whoever was told 2xx gets what was asked for; who was told nothing gets all of it or
 * nothing; and nothing leaks, by the log, by the API and on the hosts.
 */
describe('processes gone', () => {
  const cloud = new Cloud({
    firstPort: 23_100,
    simulated: 3,
    cidr: '10.213.31.0/24',
    bridge: 'brcrash1',
    latency: 0.5,
  });
  let trial: Trial;

  beforeAll(async () => {
    await cloud.up();
    const file = cloud.file('image.raw', Buffer.alloc(1024 * 1024, 1));
    const image = await cloud.openstack<{ id: string }>(
      ['image', 'create', '--disk-format', 'raw', '--file', file, 'image'],
      DEMO,
    );
    await cloud.does(['quota', 'set', '--instances', '100', '--cores', '200', '--ram', '-1', 'demo']);
    trial = await Trial.begin(cloud, {
      image: image.id,
      mix: { launches: 5, population: 10 },
      lastKill: 60,
      hosts: () => simulatedHosts(cloud),
      countsStarts: true,
      recoverWithinMs: 90_000,
      repeatBy: (seed) =>
        `CRASH_SEED=${seed} npx jest --selectProjects e2e --testPathPatterns test/crash/processes-gone`,
    });
  }, 600_000);
  afterAll(async () => {
    await trial.end();
    await cloud.destroy();
  }, 300_000);

  it(`bring back everything that was promised, ${String(ROUNDS)} times`, async () => {
    const rounds: Round[] = [];
    let tried = 0;
    for (; rounds.length < (SEED === undefined ? ROUNDS : 1) && tried < ROUNDS + SPARE; tried += 1) {
      const round = await trial.round(SEED ?? `round-${String(tried)}`);
      if (round !== undefined) rounds.push(round);
      if (rounds.length % 10 === 1)
        process.stdout.write(`[crash] ${String(rounds.length)} of ${String(ROUNDS)} rounds\n`);
    }
    process.stdout.write(`${report(rounds, tried - rounds.length)}\n`);
    expect(rounds.length).toBe(SEED === undefined ? ROUNDS : 1);
  }, 1_800_000);

  it('leave nothing owed and nothing held for nobody when all has settled', () => trial.checkEnd(), 120_000);
});
