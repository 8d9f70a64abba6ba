import { livenessKey } from '@cairn/host-protocol';
import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';

import type { Log } from '../log';
import type { Liveness } from './ports';

export interface RedisSettings {
  readonly redisUrl: string;
  readonly redisPasswordFile: string | null;
  /** The authority of a `rediss://` server's certificate. */
  readonly caFile: string | null;
}

/** A connection for producers and queries: it fails fast, and reconnects by itself. */
export function openRedis({ redisUrl, redisPasswordFile: passwordFile, caFile }: RedisSettings, log: Log): Redis {
  const password = passwordFile === null ? {} : { password: readFileSync(passwordFile, 'utf8').trim() };
  const redis = new Redis(redisUrl, {
    ...password,
    ...(caFile === null ? {} : { tls: { ca: readFileSync(caFile) } }),
    maxRetriesPerRequest: 1,
    // commands of one turn of the event loop travel together; no command may be defined after the first (docs/adr/0022)
    enableAutoPipelining: true,
    commandTimeout: 5_000,
    retryStrategy: (times) => Math.min(100 * times, 2_000),
  });
  let away = false;
  redis.on('error', (error) => {
    if (!away) log.warn('Redis is away', { error });
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info('Redis is back');
    away = false;
  });
  return redis;
}

/** Reads the keys that agents keep alive, many at a time. */
export class RedisLiveness implements Liveness {
  constructor(private readonly redis: Redis) {}

  async alive(hostIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (hostIds.length === 0) return new Map();
    const values = await this.redis.mget(hostIds.map(livenessKey));
    return new Map(hostIds.flatMap((id, i) => (typeof values[i] === 'string' ? [[id, values[i]] as const] : [])));
  }
}
