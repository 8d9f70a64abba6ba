import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

import { Resting } from './resting';

/** Milliseconds between looks; the tests take fewer. */
const EVERY_MS = Number(process.env['CAIRN_AT_REST_EVERY_MS'] ?? 5_000);

/** Node.js has no other way to the collector without a flag for all of its life. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  // what no collection in a row has seen at work would be forgotten, and compiled again with the first requests
  setFlagsFromString('--no-flush-bytecode');
  return runInNewContext('gc') as () => void;
}

/** Makes this process give back memory when it rests; does not keep it alive. */
function watch(): void {
  const collect = collector();
  const resting = new Resting();
  let before = performance.eventLoopUtilization();
  setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization: busy } = performance.eventLoopUtilization(now, before);
    before = now;
    if (resting.due({ busy, held: process.memoryUsage().heapTotal })) collect();
  }, EVERY_MS).unref();
}

/** The programs that this process starts get the machine's own allocator: they end before another is worth its start. */
function keepAllocator(): void {
  delete process.env['LD_PRELOAD'];
  delete process.env['MALLOC_CONF'];
}

/**
 * `node --require` of this file: run.sh gives it to every long-lived process of the cloud, among them the event store,
 * which imports nothing of ours.
 */
if (isMainThread) {
  keepAllocator();
  watch();
}
