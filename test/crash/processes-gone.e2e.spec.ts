import { Cloud } from '../e2e/cloud';
import { CHOICE } from '../rotation/choice';
import { chosen } from '../rotation/wholes';

import { report } from './report';
import { roundsOf } from './rounds';
import { simulatedTrial } from './simulated-trial';
import type { Trial } from './trial';

const ROUNDS = chosen(CHOICE).simulatedRounds;

/**
 * `kill -9` of controller, agent or event store at a position of the log that the seed chooses, with at
 * least five operations in flight. A request with a 2xx comes true; one without an answer happens wholly or
 * not at all; and nothing leaks, by the log, by the API and on the hosts.
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
    trial = await simulatedTrial(cloud, {
      mix: { launches: 5, population: 10 },
      lastKill: 60,
      recoverWithinMs: 120_000,
      repeatBy: (seed) =>
        `CRASH_SEED=${seed} npx jest --selectProjects e2e --testPathPatterns test/crash/processes-gone`,
    });
  });
  afterAll(async () => {
    await trial.end();
    await cloud.destroy();
  });

  it(`bring back everything that was promised, ${String(ROUNDS.length)} times [guide 117]`, async () => {
    const { rounds, notCounted } = await roundsOf(trial, ROUNDS);
    process.stdout.write(`${report(rounds, notCounted)}\n`);
  }, 3_600_000);

  it('leave nothing owed and nothing held for nobody when all has settled', () => trial.judge.checkEnd());
});
