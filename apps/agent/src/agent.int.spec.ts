import { createHash, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { deriveId } from '@cairn/domain';
import { MemoryEventStore } from '@cairn/event-store';
import {
  agentStream,
  HOST_HEADER,
  type HostJob,
  hostQueue,
  imagePath,
  livenessKey,
  REDIS_PREFIX,
  replyPath,
} from '@cairn/host-protocol';
import { Queue } from 'bullmq';
import type Redis from 'ioredis';

import { AgentProcess } from './agent';
import { type AgentConfig, parseConfig } from './config';
import { readMachine } from './drivers/simulated/host-file';
import { silentLog } from './ports/log.port';
import { connectRedis } from './redis';
import { eventually } from './testing/eventually';
import { ensureJob, rebootJob, removeJob } from './testing/harness';
import { bodyOf, listen, type TestServer } from './testing/http-server';
import { RedisServer } from './testing/redis-server';
import { imageOf } from './testing/specs';
import { temporaryFolder } from './testing/temporary-folder';

const HOSTS = ['40570000-0000-4000-8000-00000000000a', '40570000-0000-4000-8000-00000000000b'] as const;

describe('AgentProcess with two simulated hosts', () => {
  const blob = randomBytes(50_000);
  const image = imageOf({ sizeBytes: blob.length, sha256: createHash('sha256').update(blob).digest('hex') });
  const replies = new Map<string, string>();
  let server: RedisServer;
  let redis: Redis;
  let controller: TestServer;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let config: AgentConfig;
  let store: MemoryEventStore;
  let agent: AgentProcess;
  const queues: Queue[] = [];

  beforeAll(async () => {
    server = await RedisServer.open();
    redis = connectRedis({ url: server.url, user: null, password: null, authority: null }, silentLog);
    controller = await listen((request, response) => {
      const { authorization, [HOST_HEADER]: host } = request.headers;
      if (authorization !== `Bearer token-of-${String(host)}`) response.writeHead(401).end();
      else if (request.method === 'GET') response.end(request.url === imagePath(image.imageId) ? blob : undefined);
      else {
        void bodyOf(request).then((text) => {
          replies.set(request.url ?? '', text);
          response.end();
        });
      }
    });
    folder = await temporaryFolder();
    await mkdir(join(folder.path, 'tokens'));
    for (const id of HOSTS) await writeFile(join(folder.path, 'tokens', id), `token-of-${id}\n`);
    config = parseConfig(
      {
        stateDir: 'state',
        hosts: HOSTS.map((hostId) => ({ hostId, name: `sim-${hostId.slice(-1)}`, tokenFile: `tokens/${hostId}` })),
        controllerUrl: controller.url,
        redisUrl: server.url,
        driver: 'simulated',
        simulated: { latencyFactor: 0 },
      },
      folder.path,
    );
    store = new MemoryEventStore();
    for (const id of HOSTS) queues.push(new Queue(hostQueue(id), { connection: redis, prefix: REDIS_PREFIX }));
    agent = await start();
  });
  afterAll(async () => {
    await agent.stop();
    for (const queue of queues) await queue.close();
    redis.disconnect();
    await controller.close();
    await server.close();
    await folder.remove();
  });

  const start = async (): Promise<AgentProcess> => {
    const ready: string[] = [];
    const started = await AgentProcess.start(
      config,
      silentLog,
      ({ name }, virtType) => ready.push(`${name} (${virtType})`),
      () => store,
    );
    expect(ready.sort()).toEqual(['sim-a (simulated)', 'sim-b (simulated)']);
    return started;
  };
  const give = async (index: 0 | 1, job: HostJob, root = image): Promise<void> => {
    const { payload } = job;
    const on = 'spec' in payload ? { ...payload, spec: { ...payload.spec, image: root } } : payload;
    const data = { ...job, hostId: HOSTS[index], payload: on };
    await queues[index]?.add(job.kind, data, { jobId: job.effectId, removeOnComplete: true, removeOnFail: true });
  };
  const resultsOf = (index: 0 | 1, { effectId }: { readonly effectId: string }) =>
    store.all().filter(({ stream, data }) => stream === agentStream(HOSTS[index]) && data['effectId'] === effectId);
  const result = (index: 0 | 1, job: { readonly effectId: string }) =>
    eventually(`the result of ${job.effectId}`, () => resultsOf(index, job).at(-1));

  it('carries a life through on each host, from the queue to the log', async () => {
    for (const index of [0, 1] as const) {
      for (const job of [ensureJob(index + 1, 1), rebootJob(index + 1, 2)]) {
        await give(index, job);
        expect(await result(index, job)).toMatchObject({ type: 'agent.job-succeeded.v2' });
      }
    }
    expect(await redis.mget(HOSTS.map(livenessKey))).toEqual([expect.any(String), expect.any(String)]);
  });

  it('answers a question over HTTP', async () => {
    const { resource } = ensureJob(1);
    const requestId = deriveId('a question');
    const query = { kind: 'read-console', requestId, resource, payload: { lines: 1 } };
    await queues[0]?.add(query.kind, query, { removeOnComplete: true, removeOnFail: true });
    expect(await eventually('the reply', () => replies.get(replyPath(requestId)))).toBe('vm-1 login: \n');
  });

  it('refuses an image whose bytes are not the ones on record, in words for the tenant', async () => {
    const job = ensureJob(7, 1);
    const lied = { ...image, sha256: 'f'.repeat(64) };
    await give(0, job, lied);
    expect((await result(0, job)).data).toMatchObject({ code: 'image.unusable', permanent: true });
  });

  it('comes back with another boot id, the same machines, and what it did', async () => {
    const job = rebootJob(1, 2);
    const before = resultsOf(0, job).length;
    await agent.stop();
    agent = await start();
    const started = store
      .all()
      .filter(({ type, stream }) => type === 'agent.started.v1' && stream === agentStream(HOSTS[0]));
    expect(new Set(started.map(({ data }) => data['bootId'])).size).toBe(2);
    await give(0, job);
    await eventually('the outcome is appended again', () => (resultsOf(0, job).length > before ? true : undefined));
    const bootIds = resultsOf(0, job).map(({ data }) => data['bootId']);
    expect(new Set(bootIds).size).toBe(1);
    expect(started.map(({ type }) => type)).toHaveLength(2);
  });

  it('leaves nothing of an instance that is removed', async () => {
    const job = removeJob(2, 3);
    await give(1, job);
    expect((await result(1, job)).data).toMatchObject({ facts: { power: 'absent' } });
    await agent.stop();
    const machine = await readMachine(join(folder.path, 'state', 'hosts', HOSTS[1], 'machine.jsonl'));
    expect(machine.toJSON()).toMatchObject({ domains: [], disks: [], ports: [] });
    agent = await start();
  });
});
