import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/**
 * V8's matcher takes exponential time for some patterns: one that needs longer than this for its texts is given up, ms.
 * By the clock, not by processor time: on a busy machine an honest pattern waits for a processor, too.
 */
const PATIENCE_MS = 300;
/** The thread ends when nothing was asked of it for so long, ms: it takes some MB. */
const REST_MS = 10_000;
const MEMORY = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 };

/** Of the thread. A context of its own has nothing in it that a pattern could reach. */
const PROGRAM = `
  const { parentPort } = require('node:worker_threads');
  const { createContext, Script } = require('node:vm');
  const context = createContext({ pattern: '', texts: [] });
  const matching = new Script("(() => { const re = new RegExp(pattern, 'i'); return texts.map((text) => re.test(text)); })()");
  parentPort.on('message', ({ pattern, texts }) => {
    Object.assign(context, { pattern, texts });
    try {
      parentPort.postMessage([...matching.runInContext(context, { timeout: ${String(PATIENCE_MS)} })]);
    } catch (error) {
      parentPort.postMessage(error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? 'too slow' : 'not a pattern');
    }
    context.texts = [];
  });
`;

export type Matched = readonly boolean[] | 'not a pattern' | 'too slow';

/** A thread that matches regular expressions, there while it is needed. One question at a time. */
export class PatternThread {
  private worker: Worker | undefined;
  private resting: NodeJS.Timeout | undefined;

  async match(pattern: string, texts: readonly string[]): Promise<Matched> {
    clearTimeout(this.resting);
    const worker = (this.worker ??= this.start());
    try {
      worker.ref();
      worker.postMessage({ pattern, texts });
      const [answer] = (await once(worker, 'message')) as [Matched];
      return answer;
    } catch {
      this.end(worker);
      return 'too slow'; // it ran out of memory
    } finally {
      worker.unref();
      this.resting = setTimeout(() => {
        this.end(worker);
      }, REST_MS).unref();
    }
  }

  private start(): Worker {
    const worker = new Worker(PROGRAM, { eval: true, execArgv: [], env: {}, resourceLimits: MEMORY });
    worker.on('error', () => {
      this.end(worker);
    });
    return worker;
  }

  private end(worker: Worker): void {
    if (this.worker === worker) this.worker = undefined;
    void worker.terminate();
  }
}
