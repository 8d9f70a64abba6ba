import type { HostQuery } from '@cairn/host-protocol';
import type { Clock, HostQueue } from './ports';

/** The host did not answer in time, or could not be asked. */
export class NoReply extends Error {
  constructor(
    readonly hostId: string,
    options?: ErrorOptions,
  ) {
    super(`host ${hostId} did not answer`, options);
  }
}

/**
 * Questions to hosts whose answers come back by another way: HTTP, to `PUT /v1/replies/{requestId}`, of this process.
 * Nothing of it is remembered: who asked waits, or has gone.
 */
export class ReplyBroker {
  private readonly waiting = new Map<string, { readonly hostId: string; readonly resolve: (body: string) => void }>();

  constructor(
    private readonly queue: HostQueue,
    private readonly clock: Clock,
  ) {}

  /**
   * Sends a query to a host and waits for its answer.
   * @throws NoReply when none came within `timeoutMs`, or the queue is away.
   */
  async ask(hostId: string, query: HostQuery, timeoutMs: number): Promise<string> {
    const waited = new AbortController();
    const answer = new Promise<string>((resolve) => this.waiting.set(query.requestId, { hostId, resolve }));
    const timeout = this.clock.sleep(timeoutMs, waited.signal);
    try {
      await this.queue.add(hostId, query.requestId, query).catch((cause: unknown) => {
        throw new NoReply(hostId, { cause });
      });
      const body = await Promise.race([answer, timeout]);
      if (body === undefined) throw new NoReply(hostId);
      return body;
    } finally {
      this.waiting.delete(query.requestId);
      waited.abort();
    }
  }

  /**
   * @param hostId who answers: nobody answers for another host.
   * @returns false when nobody waits for that answer of that host, any more or ever.
   */
  resolve(hostId: string, requestId: string, body: string): boolean {
    const asked = this.waiting.get(requestId);
    if (asked?.hostId !== hostId) return false;
    this.waiting.delete(requestId);
    asked.resolve(body);
    return true;
  }
}
