import { setImmediate } from 'node:timers/promises';
import type { ClientReadableStream } from '@grpc/grpc-js';

/** Messages between two turns of the event loop: those that have arrived would otherwise all be handled in one. */
const MESSAGES_A_TURN = 64;

/** A read that brings nothing for so long has failed. */
export class Stalled extends Error {}

/**
 * The messages of a call, in order. When the consumer leaves early, the call is cancelled.
 * @param idleMs milliseconds within which each message must come, once it is asked for; undefined: none must
 * @param ends when one of them aborts, the call ends with its reason
 * @throws Stalled, or what the call failed with
 */
export async function* watched<T>(
  call: ClientReadableStream<T>,
  idleMs: number | undefined,
  ends: readonly AbortSignal[],
): AsyncGenerator<T> {
  const fail = (error: Error): void => {
    call.destroy(error);
  };
  const end = (): void => {
    fail(ends.find(({ aborted }) => aborted)?.reason as Error);
  };
  call.on('error', () => undefined); // also after the consumer has left: nobody else could catch it
  if (ends.some(({ aborted }) => aborted)) end();
  for (const signal of ends) signal.addEventListener('abort', end, { once: true });
  // one timer for all messages: a long read has hundreds of thousands
  let waits = 0;
  let asked = false;
  const timer =
    idleMs === undefined
      ? undefined
      : setInterval(() => {
          waits = asked ? waits + 1 : 0;
          if (waits > 4) fail(new Stalled(`nothing came for ${String(idleMs)} ms`));
        }, idleMs / 4);
  try {
    const messages = (call as AsyncIterable<T>)[Symbol.asyncIterator]();
    for (let n = 1; ; n += 1) {
      if (n % MESSAGES_A_TURN === 0) await setImmediate();
      asked = true;
      const next = await messages.next();
      asked = false;
      waits = 0;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    clearInterval(timer);
    for (const signal of ends) signal.removeEventListener('abort', end);
    call.cancel();
  }
}
