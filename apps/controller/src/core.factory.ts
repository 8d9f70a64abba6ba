import { claimedLog, type EventStore, ownLog, type RecordedEvent, sharedLog } from '@cairn/event-store';
import { REDIS_PREFIX } from '@cairn/host-protocol';
import { notice } from '@cairn/os';
import { openReadModel, type ReadModel, type RunnerLog, type ReadModelDatabase } from '@cairn/projections';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';

import type { Core } from './application/core';
import type { ControllerConfig } from './config';
import { type BlobStore, openBlobs } from './blobs';
import { sweepBlobs } from './application/image/blob-sweeper';
import { connectServer } from './connect-store';
import { countLogConnections } from './log-connections';
import { Directory } from './identity/directory';
import { TokenAuthenticator } from './identity/token-authenticator';
import { commandHash, type Keyring, openKeyring } from './keyring';
import type { Log } from './log';
import { LogWitness } from './log-head/log-witness';
import { Passwords } from './passwords/passwords';
import { systemRandom } from './random';
import { MetricsFile } from './metrics-file';
import { PolicyInForce } from './policy-in-force';
import { AuditedExecutor } from './runtime/audit';
import { Dispatcher } from './runtime/dispatcher';
import { MendingDueIndex } from './runtime/mending-due-index';
import { ConsoleBroker } from './runtime/console-broker';
import { CommandExecutor } from './runtime/execute';
import { LivenessMonitor } from './runtime/liveness-monitor';
import { LogTail } from './runtime/log-tail';
import type { HostQueue } from './runtime/ports';
import { ProbedQueue } from './runtime/probed-queue';
import { openRedis, RedisLiveness } from './runtime/redis';
import { ReplyBroker } from './runtime/replies';
import { Runtime } from './runtime/runtime';
import { Snapshots } from './runtime/snapshots';
import { systemClock } from './runtime/system-clock';
import { authorityFiles } from './remote-hosts/authority';
import { ReadModelRoster } from './read-model-roster';
import { Scheduler } from './scheduler/scheduler';
import { readModelDatabase } from './read-model-database';
import { METRICS, PROCESS_INDEX } from './state-files';
import { sweepRows, type SweptRowsParts } from './swept-rows';

/** Everything that one controller process makes once, with the loops beside the HTTP servers. */
export interface Assembled {
  readonly core: Core;
  readonly redis: Redis;
  /** What failed for want of something is tried again now. */
  readonly tryAgain: () => void;
  /** Ends when those who read the log have read it, or have given up with a failure that they tell of. */
  hasRead(): Promise<void>;
  /** Runs processes, relay, liveness and audit until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export async function assemble(config: ControllerConfig, log: Log): Promise<Assembled> {
  await mkdir(config.stateDir, { recursive: true, mode: 0o700 });
  const clock = systemClock;
  const keyring = await openKeyring(config.stateDir, clock, systemRandom);
  const reached = connectServer(config);
  const store = ownLog(sharedLog(claimedLog(reached, config.eventStoreOwners)), tellForeign(log));
  const witness = await LogWitness.begin({ store, stateDir: config.stateDir, clock, log });
  const redis = redisOf(config, log);
  /** Retries what failed; set once there is somebody to do it. */
  let tryAgain = (): void => undefined;
  const onBack = (): void => {
    tryAgain();
  };
  const metrics = new MetricsFile(join(config.stateDir, METRICS), log);
  const database = await readModelDatabase(config);
  const readModel = await readModelOf(database, metrics, store, log, onBack);
  const policy = await PolicyInForce.open(config.policyFile, log);
  const executor = commandExecutor(store, keyring, log);
  const tail = new LogTail({ store, cache: executor, clock, log });
  const ttlMs = config.tokenTtlSeconds * 1000;
  const audited = new AuditedExecutor(executor, store, clock, log);
  const probe = (): Promise<unknown> => redis.set(`${REDIS_PREFIX}:probe`, '', 'PX', 1_000);
  const dispatcher = new Dispatcher(() => redisOf(config, log));
  const queue = new ProbedQueue(dispatcher, probe, clock, onBack);
  const liveness = new RedisLiveness(redis);
  const blobs = await openBlobs(config);
  const core: Core = {
    config,
    executor: audited,
    audit: audited,
    readModel,
    keyring,
    blobs,
    authenticator: new TokenAuthenticator({ keyring, executor, currency: tail, clock, random: systemRandom, ttlMs }),
    directory: new Directory(executor, tail),
    passwords: new Passwords(systemRandom),
    policy: policy.enforcer,
    clock,
    random: systemRandom,
    hostQueue: queue,
    liveness,
    ...hostsOf(queue),
    eventStore: store,
    log,
  };
  const { rowSweepEventsPerSecond: eventsPerSecond } = config;
  const sweep = { database, store, readModel, metrics, clock, log, eventsPerSecond };
  const countConnections = (signal: AbortSignal): Promise<void> => countLogConnections(reached, metrics, clock, signal);
  const parts = {
    witness,
    sweep,
    countConnections,
    store,
    redis,
    dispatcher,
    readModel,
    executor,
    tail,
    audited,
    queue,
    blobs,
    log,
    core,
    policy,
  };
  const assembly = assembled(parts, await processIndexOf(config, log));
  tryAgain = assembly.tryAgain;
  return assembly;
}

function hostsOf(queue: HostQueue): Pick<Core, 'replies' | 'consoles'> {
  const replies = new ReplyBroker(queue, systemClock);
  return { replies, consoles: new ConsoleBroker(replies, systemRandom) };
}

const tellForeign =
  (log: Log) =>
  ({ stream, type, position }: RecordedEvent): void => {
    const what = `${stream} is named like a stream of Cairn, and ${type} is not Cairn's: it is left alone`;
    log.warn(what, { position: String(position) });
    notice(what);
  };

async function readModelOf(
  database: ReadModelDatabase,
  metrics: MetricsFile,
  store: EventStore,
  log: Log,
  onResumed: () => void,
): Promise<ReadModel> {
  const logger: RunnerLog = {
    info: (message, details) => {
      log.info(message, details);
    },
    error: (message, details) => {
      log.error(message, details);
    },
    notice,
    parked: (group, streams) => {
      metrics.setParked(group, streams);
    },
  };
  return openReadModel({
    database,
    log: store,
    timer: systemClock,
    logger,
    onResumed,
  });
}

const processIndexOf = (config: ControllerConfig, log: Log): Promise<MendingDueIndex> =>
  MendingDueIndex.open(join(config.stateDir, PROCESS_INDEX), (message, error) => {
    log.error(message, { error });
    notice(message);
  });

export function redisOf({ redisUrl, redisPasswordFile, remote }: ControllerConfig, log: Log): Redis {
  const caFile = remote === null ? null : authorityFiles(remote.pki).authority;
  return openRedis({ redisUrl, redisPasswordFile, caFile }, log);
}

export function commandExecutor(store: EventStore, keyring: Keyring, log: Log): CommandExecutor {
  const snapshots = new Snapshots(store, (message, error) => {
    log.warn(message, { error });
  });
  return new CommandExecutor({ store, clock: systemClock, snapshots, commandHash: commandHash(keyring) });
}

interface Parts {
  readonly witness: LogWitness;
  readonly sweep: SweptRowsParts;
  readonly countConnections: (signal: AbortSignal) => Promise<void>;
  readonly store: EventStore;
  readonly redis: Redis;
  readonly dispatcher: Dispatcher;
  readonly readModel: ReadModel;
  readonly executor: CommandExecutor;
  readonly tail: LogTail;
  readonly audited: AuditedExecutor;
  readonly queue: HostQueue;
  readonly blobs: BlobStore;
  readonly log: Log;
  readonly core: Core;
  readonly policy: PolicyInForce;
}

function assembled(parts: Parts, index: MendingDueIndex): Assembled {
  const { sweep, store, redis, dispatcher, readModel, executor, tail, audited, queue, blobs, log, core, policy } =
    parts;
  const { clock, liveness } = core;
  const roster = new ReadModelRoster(readModel, clock);
  const placer = new Scheduler(roster, executor, clock, core.config.scheduler);
  const runtime = new Runtime({ store, executor, index, queue, placer, clock, log });
  const monitor = new LivenessMonitor(roster, liveness, executor, clock, log);
  const tryAgain = (): void => {
    runtime.processes.tryAgain();
  };
  redis.on('ready', tryAgain);
  return {
    core,
    redis,
    tryAgain,
    hasRead: async () => {
      while (!runtime.reader.live || !(readModel.isReady() || readModel.failure !== undefined)) await clock.sleep(50);
    },
    run: async (signal) => {
      const watch = async (): Promise<void> => {
        while (!readModel.isReady() && !signal.aborted) await clock.sleep(100, signal);
        await monitor.run(signal);
      };
      await Promise.all([
        parts.witness.run(signal),
        tail.run(signal),
        runtime.run(signal),
        watch(),
        audited.run(signal),
        policy.follow(clock, signal),
        sweepBlobs({ blobs, readModel, clock, log }, signal),
        sweepRows(sweep, signal),
        parts.countConnections(signal),
      ]);
    },
    close: async () => {
      redis.disconnect();
      dispatcher.close();
      await readModel.close();
      await index.close();
      await store.close();
    },
  };
}
