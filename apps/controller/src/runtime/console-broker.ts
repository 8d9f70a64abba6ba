import type { StreamRef } from '@cairn/domain';
import type { ConsoleKind } from '@cairn/host-protocol';
import type { Duplex } from 'node:stream';

import type { Random } from '../random';
import type { ReplyBroker } from './replies';

/** How long a host has to connect a console. */
const PATIENCE_MS = 10_000;

/** The host says why the guest has no such console now. */
export class NoConsole extends Error {}

/**
 * Consoles of guests on their hosts. It asks the host by its queue; the agent connects to the hosts' port of this process,
 * as it does for everything else, and from then on the connection carries the console. Nothing is stored.
 */
export class ConsoleBroker {
  private readonly waiting = new Map<
    string,
    { readonly hostId: string; readonly connected: (console: Duplex) => void }
  >();

  constructor(
    private readonly replies: ReplyBroker,
    private readonly random: Pick<Random, 'uuid'>,
  ) {}

  /** @throws NoReply when the host is silent; NoConsole */
  async open(hostId: string, resource: StreamRef, kind: ConsoleKind): Promise<Duplex> {
    const requestId = this.random.uuid();
    const connection = new Promise<Duplex>((connected) => this.waiting.set(requestId, { hostId, connected }));
    const query = { kind: 'open-console', requestId, resource, payload: { kind } } as const;
    const refusal = this.replies.ask(hostId, query, PATIENCE_MS).then((why) => new NoConsole(why));
    try {
      const first = await Promise.race([connection, refusal]);
      if (first instanceof NoConsole) throw first;
      return first;
    } finally {
      this.waiting.delete(requestId);
    }
  }

  /**
   * Takes the connection of the host that was asked; undefined when nobody waits for one from that host. Only the first
   * connection counts.
   */
  waitingFor(hostId: string, requestId: string): ((console: Duplex) => void) | undefined {
    const asked = this.waiting.get(requestId);
    if (asked?.hostId !== hostId) return undefined;
    return (console) => {
      this.waiting.delete(requestId);
      asked.connected(console);
      this.replies.resolve(hostId, requestId, ''); // nobody waits for words any more
    };
  }
}
