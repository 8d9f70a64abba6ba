import { deriveId } from '@cairn/domain';
import { type HostJob, type HostMessage, hostQueue, isQuery, livenessKey, REDIS_PREFIX } from '@cairn/host-protocol';
import { Queue } from 'bullmq';
import type Redis from 'ioredis';

import { Liveness } from './liveness';
import { Retryable } from './ports/errors';
import { silentLog } from './ports/log.port';
import { connectRedis } from './redis';
import { systemClock } from './system-clock';
import { eventually } from './testing/eventually';
import { ensureJob, HOST_ID, removeJob } from './testing/harness';
import { RedisServer } from './testing/redis-server';
import { HostWorker } from './worker';

/**
 * A job whose lock ran out (5 s) is given again at the second look for such jobs (every 5 s): about ten seconds after
 * its agent, or the answer that gave it the job, was lost.
 */
const TAKEN_UP = { withinMs: 30_000 };

describe('with a real Redis', () => {
  let server: RedisServer;
  let redis: Redis;
  let producer: Redis;
  let queue: Queue;
  let worker: HostWorker | undefined;
  let handled: string[];

  beforeAll(async () => {
    server = await RedisServer.open();
    redis = connectRedis({ url: server.url, user: null, password: null, authority: null }, silentLog);
    producer = connectRedis({ url: server.url, user: null, password: null, authority: null }, silentLog);
    queue = new Queue(hostQueue(HOST_ID), { connection: producer, prefix: REDIS_PREFIX });
    queue.on('error', () => undefined);
  });
  beforeEach(() => {
    handled = [];
    worker = undefined;
  });
  afterEach(async () => {
    await worker?.close(5_000);
    await queue.obliterate({ force: true });
  });
  afterAll(async () => {
    await queue.close();
    redis.disconnect();
    producer.disconnect();
    await server.close();
  });

  const add = (job: HostJob): Promise<unknown> =>
    queue.add(job.kind, job, { jobId: job.effectId, removeOnComplete: true, removeOnFail: true });
  const idOf = (message: HostMessage): string => (isQuery(message) ? message.requestId : message.effectId);
  const work = (handle: (message: HostMessage) => Promise<void>): void => {
    worker = new HostWorker({ hostId: HOST_ID, redis, handle, clock: systemClock, log: silentLog });
    worker.start();
  };
  const note = (message: HostMessage): Promise<void> => {
    handled.push(idOf(message));
    return Promise.resolve();
  };
  const empty = (patience?: { readonly withinMs: number }): Promise<true> =>
    eventually(
      'the queue is empty',
      async () => {
        const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed', 'completed');
        return Object.values(counts).every((count) => count === 0) ? true : undefined;
      },
      patience,
    );

  it('hands over each message, and leaves nothing of it in Redis', async () => {
    work(note);
    await Promise.all([1, 2, 3].map((n) => add(ensureJob(n))));
    await empty();
    expect([...handled].sort()).toEqual([1, 2, 3].map((n) => ensureJob(n).effectId));
  });

  it('gives a job again until the world is ready for it', async () => {
    let tries = 0;
    work((message) => {
      tries += 1;
      return tries < 3 ? Promise.reject(new Retryable('not yet')) : note(message);
    });
    await add(ensureJob(1));
    await empty();
    expect([tries, handled]).toEqual([3, [ensureJob(1).effectId]]);
  });

  it('gives a job again that failed for a reason that nobody foresaw', async () => {
    let tries = 0;
    work((message) => {
      tries += 1;
      return tries < 2 ? Promise.reject(new Error('journal broken')) : note(message);
    });
    await add(ensureJob(1));
    await empty();
    expect(handled).toEqual([ensureJob(1).effectId]);
  });

  /** As 0.1 put it into the queue, and as it may still be there after an upgrade. */
  const jobOfRelease01 = {
    effectId: ensureJob(1).effectId,
    hostId: HOST_ID,
    kind: 'ensure-instance',
    instanceId: ensureJob(1).resource.id,
    generation: 1,
    spec: ensureJob(1).payload.spec,
  };

  it('drops what it does not understand, and a question that it could not answer', async () => {
    work((message) => (isQuery(message) ? Promise.reject(new Error('no console')) : note(message)));
    const options = { removeOnFail: true, removeOnComplete: true };
    await queue.add('x', { kind: 'attach-warp-drive', effectId: 'x' }, options);
    await queue.add('x', { kind: 'ensure-instance' }, options);
    await queue.add('x', 'rubbish', options);
    const { resource } = ensureJob(1);
    const requestId = deriveId('a question');
    await queue.add('x', { kind: 'read-console', requestId, resource, payload: { lines: 1 } }, options);
    await queue.add('x', jobOfRelease01, options);
    await add(removeJob(1));
    await empty();
    expect(handled).toEqual([removeJob(1).effectId]);
    await add(ensureJob(1)); // what was dropped is not in the way when the controller sends it again
    await empty();
    expect(handled).toEqual([removeJob(1).effectId, ensureJob(1).effectId]);
  });

  it('loses no job when Redis is killed and comes back, nor while one is being carried out', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let started = false;
    work(async (message) => {
      started = true;
      if (idOf(message) === ensureJob(1).effectId) await held;
      await note(message);
    });
    await add(ensureJob(1));
    await eventually('the first job runs', () => (started ? true : undefined));
    await add(removeJob(2));
    await server.kill();
    release();
    await server.start();
    await add(removeJob(3));
    await empty(TAKEN_UP);
    expect(new Set(handled)).toEqual(
      new Set([ensureJob(1), removeJob(2), removeJob(3)].map(({ effectId }) => effectId)),
    );
  }, 60_000);

  it('takes up a job that an agent had when it was killed', async () => {
    const dead = connectRedis({ url: server.url, user: null, password: null, authority: null }, silentLog);
    let taken = false;
    const killed = new HostWorker({
      hostId: HOST_ID,
      redis: dead,
      clock: systemClock,
      log: silentLog,
      handle: () => {
        taken = true;
        return new Promise(() => undefined);
      },
    });
    killed.start();
    await add(ensureJob(1));
    await eventually('the job is taken', () => (taken ? true : undefined));
    // As after a kill -9: it says nothing to Redis any more, and its lock runs out after 5 s.
    await killed.close(0);
    dead.disconnect();
    work(note);
    await eventually('the job is taken up', () => (handled.length > 0 ? true : undefined), TAKEN_UP);
    expect(handled).toEqual([ensureJob(1).effectId]);
  }, 60_000);

  it('finishes what it has before it closes, and takes nothing more', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let started = false;
    work(async (message) => {
      started = true;
      await held;
      await note(message);
    });
    await add(ensureJob(1));
    await eventually('the job runs', () => (started ? true : undefined));
    const closed = worker?.close(10_000);
    release();
    await closed;
    worker = undefined;
    expect(handled).toEqual([ensureJob(1).effectId]);
    await add(ensureJob(2));
    expect(await queue.getJobCounts('waiting')).toEqual({ waiting: 1 });
  });

  it('lets go within its limits while Redis is away', async () => {
    work(note);
    await add(ensureJob(1));
    await empty();
    await server.kill();
    const began = Date.now();
    await worker?.close(1_000);
    worker = undefined;
    expect(Date.now() - began).toBeLessThan(15_000);
    await server.start();
  }, 60_000);

  it('says of all hosts that they are alive, for 15 s', async () => {
    const hosts = ['a', 'b'].map((hostId) => ({ hostId, bootId: `boot-${hostId}` }));
    const liveness = new Liveness(redis, systemClock, silentLog);
    for (const host of hosts) await liveness.add(host);
    expect(await redis.mget(hosts.map(({ hostId }) => livenessKey(hostId)))).toEqual(['boot-a', 'boot-b']);
    const ttl = await redis.pttl(livenessKey('a'));
    expect(ttl).toBeGreaterThan(14_000);
    expect(ttl).toBeLessThanOrEqual(15_000);
    await liveness.stop();
  });

  it('says it again when Redis has forgotten', async () => {
    const host = { hostId: 'c', bootId: 'boot-c' };
    const soon = { ...systemClock, sleep: (_ms: number, signal?: AbortSignal) => systemClock.sleep(50, signal) };
    const liveness = new Liveness(redis, soon, silentLog);
    await liveness.add(host);
    await redis.del(livenessKey('c'));
    await eventually('the key is there again', async () =>
      (await redis.get(livenessKey('c'))) === 'boot-c' ? true : undefined,
    );
    await liveness.stop();
  });
});
