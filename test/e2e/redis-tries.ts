import type Redis from 'ioredis';

import type { Tries } from './second-machine';

/** For a command that no user has, and for a script, Redis has words of its own. */
const DENIED = /NOPERM|^ERR The user executing the script can't|^ERR (DEBUG|MODULE) command not allowed/;

/** `NOPERM`, or else what Redis said. */
export function redisEnding(error: unknown): string {
  const { message } = error as Error;
  return DENIED.test(message) ? 'NOPERM' : message;
}

/** Each way that a host's commands have to a key that is not its own. @param own the names of keys that are */
export const reachFor = (redis: Redis, key: string, own: (name: string) => string): Tries => ({
  [`GET ${key}`]: () => redis.get(key),
  [`SET ${key}`]: () => redis.set(key, 'x'),
  [`DEL ${key}`]: () => redis.del(key),
  [`TYPE ${key}`]: () => redis.type(key),
  [`RENAME to ${key}`]: () => redis.rename(own('x'), key),
  [`RENAME from ${key}`]: () => redis.rename(key, own('y')),
  [`LMOVE from ${key}`]: () => redis.lmove(key, own('y'), 'LEFT', 'LEFT'),
  [`ZRANGESTORE from ${key}`]: () => redis.call('ZRANGESTORE', own('y'), key, '0', '-1'),
  [`XADD to ${key}`]: () => redis.xadd(key, '*', 'a', 'b'),
  [`BZPOPMIN ${key}`]: () => redis.bzpopmin(own('z'), key, 0.01),
  [`EVAL with ${key} named`]: () => redis.eval("return redis.call('DEL', KEYS[1])", 1, key),
  [`EVAL with ${key} not named`]: () => redis.eval(`return redis.call('DEL', '${key}')`, 0),
  [`EVAL with ${key} behind its own`]: () => redis.eval(`return redis.call('RENAME', KEYS[1], '${key}')`, 1, own('x')),
});

const RULING = [
  ...['FLUSHALL', 'FLUSHDB', 'KEYS *', 'SCAN 0', 'RANDOMKEY', 'DBSIZE', 'SWAPDB 0 1', 'SELECT 1', 'MONITOR'],
  ...['CONFIG GET *', 'CONFIG SET dir /tmp', 'ACL LIST', 'ACL WHOAMI', 'ACL SETUSER x on', 'ACL DELUSER x'],
  ...['CLIENT LIST', 'CLIENT KILL TYPE normal', 'CLIENT PAUSE 1', 'CLIENT NO-EVICT on', 'CLIENT UNPAUSE'],
  ...['SCRIPT FLUSH', 'SCRIPT KILL', 'SCRIPT LOAD x', 'FUNCTION LIST', 'FUNCTION FLUSH'],
  ...['SUBSCRIBE x', 'PSUBSCRIBE *', 'SSUBSCRIBE x', 'PUBLISH x y', 'SPUBLISH x y', 'PUBSUB CHANNELS'],
  ...['SAVE', 'BGSAVE', 'BGREWRITEAOF', 'SHUTDOWN NOSAVE', 'REPLICAOF 127.0.0.1 1', 'DEBUG SLEEP 0', 'SYNC'],
  ...['PSYNC ? -1', 'MIGRATE 127.0.0.1 1 x 0 1', 'MODULE LIST', 'MODULE LOAD /x', 'SLOWLOG GET', 'LATENCY DOCTOR'],
  ...['MEMORY DOCTOR', 'COMMAND', 'OBJECT HELP', 'FAILOVER', 'CLUSTER INFO', 'WAIT 0 1'],
].map((command) => command.split(' ') as [string, ...string[]]);

/** What is about the whole of Redis, or about other connections. */
export const rule = (redis: Redis): Tries =>
  Object.fromEntries(RULING.map(([name, ...args]) => [[name, ...args].join(' '), () => redis.call(name, ...args)]));

/** The same by a script, as far as Redis lets scripts do it at all. */
export function ruleByScript(redis: Redis): Tries {
  const inScripts = RULING.filter(([name]) => /^(FLUSH|KEYS|SCAN|RANDOMKEY|PUBLISH|DBSIZE|SWAPDB|SELECT)/.test(name));
  const script = (words: readonly string[]): string =>
    `return redis.call(${words.map((word) => `'${word}'`).join(', ')})`;
  return Object.fromEntries(
    inScripts.map((words) => [`${words.join(' ')} by EVAL`, () => redis.eval(script(words), 0)]),
  );
}
