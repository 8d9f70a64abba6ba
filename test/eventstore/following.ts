import type { LogMessage, RecordedEvent } from '@cairn/event-store';

export async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !holds();) {
    if (Date.now() > end) throw new Error('it did not become so');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function firstEvent(messages: AsyncIterator<LogMessage>): Promise<RecordedEvent> {
  for (;;) {
    const next = await messages.next();
    if (next.done === true) throw new Error('the subscription ended');
    if (next.value.kind === 'event') return next.value.event;
  }
}

export async function drained(messages: AsyncIterator<LogMessage>): Promise<void> {
  while ((await messages.next()).done !== true);
}
