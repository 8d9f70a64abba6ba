import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

import { Resting } from './resting';

const EVERY_MS = 5_000;

/** Milliseconds between looks; the tests take fewer. */
function lookEvery(): number {
  const asked = Number(process.env['CAIRN_AT_REST_EVERY_MS']);
  return asked > 0 ? asked : EVERY_MS;
}

type Collect = (how: { readonly type: 'major'; readonly execution: 'sync'; readonly flavor: string }) => void;

/**
 * Node.js has no other way to the collector without a flag for all of its life. Of V8's collections only the one of last
 * resort gives back the pages that it keeps for the next growth of the young generation.
 */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as Collect;
  return () => {
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  };
}

/**
 * What V8 holds: its heap, and the buffers outside of it that die with objects inside. V8 itself is asked:
 * `process.memoryUsage` opens a file, and throws when no descriptor is left.
 */
function held(): number {
  const { total_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

/**
 * Tells at each call which share of the time since the last one this process has spent on a processor. The event loop's own figure
 * counts also when it waits for a processor that others have: on a busy machine a process would never rest.
 */
function shareOfProcessor(): () => number {
  let [used, at] = [process.cpuUsage(), process.hrtime.bigint()];
  return () => {
    const { user, system } = process.cpuUsage(used);
    const now = process.hrtime.bigint();
    const share = ((user + system) * 1_000) / Number(now - at);
    [used, at] = [process.cpuUsage(), now];
    return share;
  };
}

/** Makes this process give back memory when it rests; does not keep it alive. */
function watch(): void {
  // V8 forgets the compiled code of what did not run between several collections, and the next requests pay for it
  setFlagsFromString('--no-flush-bytecode');
  const collect = collector();
  const resting = new Resting();
  const busySince = shareOfProcessor();
  setInterval(() => {
    if (!resting.due({ busy: busySince(), held: held() })) return;
    collect();
    busySince(); // a collection is no work
  }, lookEvery()).unref();
}

/** The programs that this process starts get the machine's own allocator (docs/adr/0016-memory-at-rest.md). */
function keepAllocator(): void {
  delete process.env['LD_PRELOAD'];
  delete process.env['MALLOC_CONF'];
}

/**
 * `node --require` of this file: run.sh gives it to every Node.js process of the cloud.
 */
if (isMainThread) {
  keepAllocator();
  watch();
}
