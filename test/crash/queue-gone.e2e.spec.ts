import type { RecordedEvent } from '@cairn/event-store';
import Redis from 'ioredis';

import { Cloud } from '../e2e/cloud';

import { isAccepted, launchOf, type Operation } from './operations';
import { simulatedTrial } from './simulated-trial';
import type { Trial } from './trial';
import { throughout } from './wait';

const REPEAT = 'npx jest --selectProjects e2e --testPathPatterns test/crash/queue-gone';
const LEAST_UNDER_WAY = 10;

/**
 * With at least ten launches under way Redis is flushed, and is away for a minute. All end ACTIVE, none
 * twice, and no host is declared dead.
 */
describe('the queue gone', () => {
  const cloud = new Cloud({ firstPort: 23_200, simulated: 3, cidr: '10.213.32.0/24', bridge: 'brcrash2', latency: 3 });
  let trial: Trial;
  let redis: Redis;

  beforeAll(async () => {
    const mix = { launches: 0, population: 0 };
    trial = await simulatedTrial(cloud, { mix, lastKill: 0, recoverWithinMs: 240_000, repeatBy: () => REPEAT });
    redis = new Redis({ host: '127.0.0.1', port: 23_205, password: cloud.password('redis') });
    redis.on('error', () => undefined); // it is to go away
  });
  afterAll(async () => {
    redis.disconnect();
    await trial.end();
    await cloud.destroy();
  });

  /** More than the hosts take at a time, so that some are in the queue. */
  const launches = (name: string, count: number): Operation[] =>
    Array.from({ length: count }, (_, i) => launchOf(trial.tenant, `${name}/${String(i)}`, `${name}-${String(i)}`));

  /** The first job is done and so many are not: those are in the queue, or at work on the hosts. */
  const inTheMidst = (operations: readonly Operation[]): ((event: RecordedEvent) => boolean) => {
    let firstDone = false;
    return ({ type }) => {
      firstDone ||= type === 'agent.job-succeeded.v2';
      return firstDone && trial.judge.inFlight(operations) >= LEAST_UNDER_WAY;
    };
  };

  const allRunOnce = async (name: string, operations: readonly Operation[]): Promise<void> => {
    await trial.judge.settle(name, operations);
    expect(operations.filter((operation) => !isAccepted(operation))).toEqual([]);
    const seen = await trial.judge.look();
    const servers = operations.flatMap(({ servers: [id = ''] }) => seen.get(id));
    expect(servers).toEqual(operations.map(() => ({ vmState: 'active', starts: 1 })));
    trial.judge.complain(name, await trial.judge.wrongOutside());
    await trial.judge.checkEnd();
  };

  it('by a flush, loses no launch and makes none twice [runbook queue-lost]', async () => {
    const operations = launches('flush', 36);
    let underWay = 0;
    let flushed: Promise<readonly [number, number]> | undefined;
    const { answered } = await trial.at(inTheMidst(operations), operations, () => {
      underWay = trial.judge.inFlight(operations);
      flushed = Promise.all([redis.dbsize(), redis.flushall().then(() => 0)]);
    });
    await answered;
    const [keys] = (await flushed) ?? [0];
    process.stdout.write(`[crash] Redis flushed: ${String(underWay)} launches under way, ${String(keys)} keys lost\n`);
    expect(underWay).toBeGreaterThanOrEqual(LEAST_UNDER_WAY);
    expect(keys).toBeGreaterThan(10);
    await allRunOnce('flush', operations);
  });

  it('for a minute, delays launches and nothing else [guide 118] [runbook queue-lost]', async () => {
    const operations = launches('away', 36);
    let underWay = 0;
    const { answered } = await trial.at(inTheMidst(operations), operations, () => {
      underWay = trial.judge.inFlight(operations);
      // Its supervisor first, or Redis would be back at once.
      for (const name of ['redis.supervisor', 'redis']) process.kill(cloud.pid(name) ?? NaN, 'SIGKILL');
    });
    await answered;
    process.stdout.write(`[crash] Redis killed: ${String(underWay)} launches under way\n`);
    expect(underWay).toBeGreaterThanOrEqual(LEAST_UNDER_WAY);
    const meanwhile = launches('meanwhile', 3);
    await Promise.all(meanwhile.map((operation) => trial.send(operation)));
    await throughout(60_000, 2_000, async () => {
      trial.judge.complain('away', await trial.judge.wrongOutside());
    });
    expect((await cloud.cairn('status')).stdout).toMatch(/redis +is down/);
    await cloud.up();
    await allRunOnce('away', [...operations, ...meanwhile]);
  });
});
