import { on } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RecordedEvent } from '@cairn/event-store';
import { PieceReader } from './piece';
import type { Verified } from './verify.worker';

/**
 * The events of a file that `cairn log export` wrote, some thousand at a time. Another thread reads it and checks the
 * chains; what comes from here is sound up to its last event.
 * @throws Error when a chain is broken, positions do not rise or a line is no event: with the first of them
 */
export async function* verifiedLog(file: string): AsyncGenerator<readonly RecordedEvent[]> {
  const worker = new Worker(join(__dirname, 'verify.worker.js'), { workerData: file });
  try {
    for await (const [message] of on(worker, 'message') as AsyncIterable<[Verified]>) {
      if (message.kind === 'end') return;
      if (message.kind === 'broken') throw new Error(`the export cannot be trusted: ${message.why}`);
      const reader = new PieceReader(message.piece);
      yield Array.from({ length: reader.lines }, (_, line) => reader.event(line)).filter(
        (event) => event !== undefined,
      );
      worker.postMessage('folded');
    }
  } finally {
    await worker.terminate();
  }
}
