import { deriveId } from '@cairn/domain';
import { once } from 'node:events';
import type { Redis } from 'ioredis';

import { silentLog } from '../../apps/controller/src/log';
import { Dispatcher } from '../../apps/controller/src/runtime/dispatcher';
import { openRedis, RedisLiveness } from '../../apps/controller/src/runtime/redis';
import type { SentMessage } from '../../libs/host-protocol/src';
import { RedisServer } from '../../apps/agent/src/testing/redis-server';

const HOSTS = ['a', 'b', 'c'].map((name) => deriveId('host', name));
const message = { kind: 'ensure-instance' } as unknown as SentMessage;

describe('the first jobs of a controller, all at one instant', () => {
  let server: RedisServer;
  let redis: Redis;
  let dispatcher: Dispatcher;
  const uncaught: unknown[] = [];
  const note = (error: unknown): void => void uncaught.push(error);

  const open = async (): Promise<Redis> => {
    const settings = { redisUrl: server.url, redisPasswordFile: null, caFile: null };
    const connection = openRedis(settings, silentLog);
    await once(connection, 'ready');
    return connection;
  };

  beforeEach(async () => {
    server = await RedisServer.open();
    redis = await open();
    const own = await open();
    dispatcher = new Dispatcher(() => own);
    process.on('uncaughtException', note);
  });

  afterEach(async () => {
    process.off('uncaughtException', note);
    dispatcher.close();
    redis.disconnect();
    await server.close();
  });

  it('arrive, also beside questions to Redis that were asked before, and end no process', async () => {
    const asked = new RedisLiveness(redis).alive(HOSTS);
    const jobs = HOSTS.map((host) => dispatcher.add(host, deriveId('job', host), message));
    const ended = await Promise.allSettled([asked, ...jobs]);
    expect(ended.map(({ status }) => status)).toEqual(ended.map(() => 'fulfilled'));
    await redis.ping();
    expect(uncaught).toEqual([]);
    const waiting = await Promise.all(HOSTS.map((host) => redis.keys(`*${host}:wait`)));
    expect(waiting.flat()).toHaveLength(HOSTS.length);
  });
});
