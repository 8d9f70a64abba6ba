import { hostQueue, livenessKey, REDIS_PREFIX } from '@cairn/host-protocol';
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

import { type HostCredentials, hostLogin } from './credentials';

/**
 * What a worker of BullMQ sends, and what its scripts do: each command of a script is checked against the same list and
 * the same keys. No KEYS, SCAN, CONFIG, SCRIPT, ACL, DEBUG, FLUSH*, PUBLISH or SUBSCRIBE.
 */
const COMMANDS = [
  ...['auth', 'ping', 'info', 'client|setname', 'eval', 'evalsha'],
  ...['bzpopmin', 'set', 'get', 'del', 'exists', 'incr', 'expire', 'pexpire', 'pttl', 'type', 'rename'],
  ...['hget', 'hgetall', 'hmget', 'hset', 'hmset', 'hsetnx', 'hincrby', 'hexists', 'hdel', 'hlen', 'hkeys', 'hvals'],
  ...['lpush', 'rpush', 'lpop', 'rpop', 'lrem', 'lrange', 'llen', 'lpos', 'lindex', 'ltrim', 'linsert', 'lmove'],
  ...['rpoplpush', 'lset', 'sadd', 'srem', 'smembers', 'scard', 'sismember', 'spop'],
  ...['zadd', 'zrem', 'zcard', 'zcount', 'zscore', 'zrange', 'zrangebyscore', 'zrevrange', 'zrevrangebyscore'],
  ...['zrangestore', 'zpopmin', 'zpopmax', 'zremrangebyrank', 'zremrangebyscore', 'zrank', 'zincrby', 'zmscore'],
  ...['xadd', 'xtrim', 'xlen', 'time', 'multi', 'exec'],
];

/** The users of Redis that hosts log in as. They live in Redis' memory only, and are made again when it forgets them. */
export class RedisAccess {
  constructor(private readonly redis: Redis) {}

  /** Lets a host reach its own queue and its own sign of life, and nothing else. */
  async admit(hostId: string, { login, redisPassword }: HostCredentials): Promise<void> {
    const hash = createHash('sha256').update(redisPassword).digest('hex');
    const keys = [`~${REDIS_PREFIX}:${hostQueue(hostId)}:*`, `~${livenessKey(hostId)}`];
    const commands = COMMANDS.map((command) => `+${command}`);
    await this.redis.call('ACL', 'SETUSER', login, 'reset', 'on', `#${hash}`, ...keys, '-@all', ...commands);
  }

  /** Ends the host's connections, too. */
  async shutOut(hostId: string): Promise<void> {
    await this.redis.call('ACL', 'DELUSER', hostLogin(hostId));
  }
}
