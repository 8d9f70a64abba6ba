import type { EventStore } from '@cairn/event-store';

import type { VirtualTime } from '../clock';
import { addressOf } from '../log-answers';
import type { LogServer } from '../log-server';
import type { Incarnation } from '../processes';

/** A process has a node that takes writes this long after a leader can be reached. */
const LIMIT_MS = 10_000;
/** The longest that the log lets anybody wait for the end of one call. */
const CALL_LIMIT_MS = 12_000;

/** Finds processes that do not go on although they could: after each change among the nodes of the log that lasts. */
export class LogUse {
  private changes = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly server: LogServer,
    electMs: number,
    private readonly claim: (what: string) => void,
  ) {
    server.nodes.onChange(() => {
      this.changes += 1;
      const { changes } = this;
      time.after(electMs + LIMIT_MS, () => {
        if (this.changes === changes) this.check();
      });
    });
  }

  /** The calls of a process: none may take too long. */
  bounded(store: EventStore, process: Incarnation): EventStore {
    const timed =
      <A extends readonly unknown[], T>(what: string, call: (...args: A) => Promise<T>) =>
      async (...args: A): Promise<T> => {
        const began = this.time.now;
        try {
          return await call(...args);
        } finally {
          const took = this.time.now - began;
          if (took > CALL_LIMIT_MS && process.alive && !process.stalledSince(began))
            this.claim(`${process.name}: ${what} took ${String(took)} ms`);
        }
      };
    return {
      append: timed('an append', (...args: Parameters<EventStore['append']>) => store.append(...args)),
      last: timed('a look at the end of a stream', (stream: string) => store.last(stream)),
      head: timed('a look at the end of the log', () => store.head()),
      read: (stream, from) => store.read(stream, from),
      history: () => store.history(),
      subscribe: (after, signal, unwanted) => store.subscribe(after, signal, unwanted),
      keepLast: (stream, count) => store.keepLast(stream, count),
      close: () => store.close(),
    };
  }

  private check(): void {
    const { nodes, clients } = this.server;
    const { leader } = nodes;
    if (leader === undefined) return;
    const [since, lasts] = [this.time.now - LIMIT_MS, `${String(LIMIT_MS / 1_000)} s`];
    for (const [process, { cluster, subscriptions }] of clients) {
      const { name } = process;
      const idle = !process.alive || process.bornAt > since || process.stalledSince(since);
      if (idle || !this.server.isOpen(name, leader, LIMIT_MS)) continue;
      const used = cluster.current?.node.address;
      const takes = nodes.numbers.some(
        (node) => addressOf(node) === used && nodes.isOpen(name, node) && nodes.fateAt(node) === 'committed',
      );
      if (used !== undefined && !takes) this.claim(`${name} uses ${used}, which has taken no writes for ${lasts}`);
      for (const node of subscriptions)
        if (nodes.isBehind(node)) this.claim(`${name} has followed node ${String(node)} for ${lasts}, which is behind`);
    }
  }
}
