import { randomUUID } from 'node:crypto';
import type { EventStore, LogMessage, NewEvent, RecordedEvent } from './port';

/** Longest wait for anything a store owes. */
const DEADLINE_MS = 20_000;

/** A stream name that nobody used before. */
export function fresh(): string {
  return `contract-${randomUUID()}`;
}

export function event(n: number): NewEvent {
  return { id: randomUUID(), type: 'contract.noted.v1', data: { n }, metadata: { by: 'contract', n } };
}

export async function collect(events: AsyncIterable<RecordedEvent>): Promise<readonly RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const one of events) all.push(one);
  return all;
}

/** Subscribes, hands the messages to the body, and ends the subscription in any case. */
export async function using(
  store: EventStore,
  after: bigint | undefined,
  body: (messages: AsyncIterator<LogMessage>) => Promise<void>,
): Promise<void> {
  const abort = new AbortController();
  const messages = store.subscribe(after, abort.signal)[Symbol.asyncIterator]();
  try {
    await body(messages);
  } finally {
    abort.abort();
    await messages.return?.();
  }
}

/** All messages up to and with the first that fits. */
export async function until(
  messages: AsyncIterator<LogMessage>,
  fits: (message: LogMessage) => boolean,
): Promise<readonly LogMessage[]> {
  const seen: LogMessage[] = [];
  for (;;) {
    const next = await withDeadline(messages.next());
    if (next.done === true) throw new Error(`the subscription ended after ${String(seen.length)} messages`);
    seen.push(next.value);
    if (fits(next.value)) return seen;
  }
}

export async function withDeadline<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`nothing came for ${String(DEADLINE_MS)} ms`));
    }, DEADLINE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** `stream/revision` of the events of the given streams, in the order in which they came. */
export function placesOf(messages: readonly LogMessage[], ...streams: readonly string[]): readonly string[] {
  return messages.flatMap((m) =>
    m.kind === 'event' && streams.includes(m.event.stream) ? [`${m.event.stream}/${String(m.event.revision)}`] : [],
  );
}

export function increasing(positions: readonly bigint[]): boolean {
  return positions.every((position, i) => i === 0 || position > (positions[i - 1] ?? 0n));
}

/** After a checkpoint only later events come, and checkpoints only grow. */
export function checkpointsHold(messages: readonly LogMessage[]): boolean {
  let reached = -1n;
  return messages.every((m) => {
    if (m.kind === 'caught-up') return true;
    const position = m.kind === 'event' ? m.event.position : m.position;
    const holds = position > reached;
    if (m.kind === 'checkpoint') reached = m.position;
    return holds;
  });
}
