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
 * Asks hosts questions. Their answers come back over HTTP (`PUT /v1/replies/{requestId}`) to this process. It stores
 * nothing: without a waiting caller an answer is dropped.
 */
export class ReplyBroker {
  private readonly waiting = new Map<string, { readonly hostId: string; readonly resolve: (body: string) => void }>();

  constructor(
    private readonly queue: HostQueue,
    private readonly clock: Clock,
  ) {}

  /**
   * Sends a query to a host and waits for its answer.
   * @throws NoReply if none comes within `timeoutMs`, or the queue is unavailable.
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
      waited.abort('answered');
    }
  }

  /**
   * @param hostId the host that answers: a host cannot answer for another one.
   * @returns false if nobody waits for that host's answer.
   */
  resolve(hostId: string, requestId: string, body: string): boolean {
    const asked = this.waiting.get(requestId);
    if (asked?.hostId !== hostId) return false;
    this.waiting.delete(requestId);
    asked.resolve(body);
    return true;
  }
}
