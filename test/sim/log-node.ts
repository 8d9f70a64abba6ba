import { type AppendResult, type LogMessage, OutcomeUnknown, StoreUnready } from '@cairn/event-store';

import type { Member } from '../../libs/event-store/src/nodes/gossip';
import { type Lane, Lanes } from '../../libs/event-store/src/nodes/lanes';
import type { AppendPatience, Node, ReadCount, Reading, Wanted, Write } from '../../libs/event-store/src/nodes/node';
import { Ending } from './ending';
import { ADDRESS, addressOf, short } from './log-answers';
import type { LogServer } from './log-server';
import { type Incarnation, never } from './processes';

/** Calls that one connection carries; one more is never answered. Few, so that there are worlds with more. */
const MOST_CALLS = 4;

/** A node of the log as one process reaches it. */
export class LogNode implements Node {
  private readonly node: number;
  private readonly lanes = new Lanes<Lane>(() => ({ calls: 0, close: () => undefined }), MOST_CALLS);
  private readonly over = new Ending();
  /** Something got there since it was started. */
  private connected = false;

  constructor(
    private readonly server: LogServer,
    private readonly process: Incarnation,
    readonly address: string,
  ) {
    this.node = Number(address.slice(ADDRESS.length));
  }

  get reads(): ReadCount {
    return this.lanes.count;
  }

  async append(write: Write, { connectMs, answerMs }: AppendPatience): Promise<AppendResult> {
    const { server, process, node } = this;
    if (!server.nodes.isUp(node)) this.connected = false;
    if (!this.connected && !server.isOpen(process.name, node)) {
      await this.within(connectMs, server.arrival(process.name, node), () => new StoreUnready('not connected'));
    }
    this.connected = true;
    const types = [...new Set(write.events.map(({ type }) => type))].join(' ');
    const what = `append ${types} to ${short(write.stream)}@${String(write.expected)}`;
    const sent = process.remote(what, () => server.append(process.name, node, write), server.stepsOf(write.events));
    return this.within(answerMs, sent, () => new OutcomeUnknown('no answer'));
  }

  async *read(wanted: Wanted, { fromLeader, idleMs, until }: Reading): AsyncGenerator<LogMessage> {
    if (this.over.reason !== undefined) throw this.over.reason;
    const lane = this.lanes.take();
    try {
      const silent = lane.calls > MOST_CALLS;
      if (wanted.kind === 'all') yield* this.subscription(wanted, fromLeader, silent, until);
      else yield* this.events(wanted, fromLeader, silent, idleMs);
    } finally {
      this.lanes.release(lane);
    }
  }

  async gossip(patienceMs: number): Promise<readonly Member[]> {
    const { server, process, node } = this;
    if (!process.alive || process.stalled) await process.sleep(0);
    if (!server.isOpen(process.name, node)) {
      if (server.nodes.isUp(node)) await process.sleep(patienceMs);
      throw new OutcomeUnknown('no answer');
    }
    return server.nodes.seenBy(node).map(({ role, alive }, i) => ({
      address: addressOf(i),
      role: role === 'unknown' ? 'other' : role,
      alive,
    }));
  }

  close(why: string): void {
    this.over.end(new OutcomeUnknown(`${this.address}: ${why}`));
    this.lanes.close();
  }

  private async *events(
    wanted: Exclude<Wanted, { kind: 'all' }>,
    fromLeader: boolean,
    silent: boolean,
    idleMs = Infinity,
  ): AsyncGenerator<LogMessage> {
    const { server, process, node } = this;
    const what = silent ? 'silence' : nameOf(wanted);
    const asked = process.remote(what, () =>
      silent ? never<never>() : server.read(process.name, node, wanted, fromLeader),
    );
    const { events, all } = await this.within(idleMs, asked, () => new OutcomeUnknown(`${what}: nothing came`));
    for (const event of events) yield { kind: 'event', event };
    if (!all) throw new OutcomeUnknown(`${what}: the connection broke`);
  }

  private async *subscription(
    { after, regex }: Extract<Wanted, { kind: 'all' }>,
    fromLeader: boolean,
    silent: boolean,
    until: AbortSignal | undefined,
  ): AsyncGenerator<LogMessage> {
    const { server, process, node } = this;
    const over = new Ending();
    const leave = this.over.watch((reason) => {
      over.end(reason);
    });
    const abort = (): void => {
      over.end(until?.reason as Error);
    };
    until?.addEventListener('abort', abort, { once: true });
    try {
      const subscribed = process.remote('subscribe', async () => {
        if (silent) await never();
        await server.arrival(process.name, node);
        server.admit(node, fromLeader);
      });
      await this.before(over, subscribed);
      for await (const messages of server.follow(process, node, { after, matches: matcherOf(regex) }, over)) {
        for (const message of messages) {
          if (!process.alive) await never();
          yield message;
        }
        await this.before(
          over,
          process.remote('news', () => Promise.resolve()),
        );
      }
      if (over.reason !== undefined) throw over.reason;
    } finally {
      leave();
      until?.removeEventListener('abort', abort);
    }
  }

  /** What that promise brings, unless it takes too long or this node is left. */
  private within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
    const limit = new Ending();
    const leave = this.over.watch((reason) => {
      limit.end(reason);
    });
    const lateness = (): void => {
      limit.end(late());
    };
    const cancel = ms === Infinity ? (): void => undefined : this.process.after(ms, lateness);
    return this.before(limit, work).finally(() => {
      leave();
      cancel();
    });
  }

  private before<T>(over: Ending, work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const forget = over.watch(reject);
      work.then(
        (value) => {
          forget();
          resolve(value);
        },
        (error: unknown) => {
          forget();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }
}

function nameOf(wanted: Exclude<Wanted, { kind: 'all' }>): string {
  if (wanted.kind === 'end') return 'head';
  return wanted.kind === 'last'
    ? `last ${short(wanted.stream)}`
    : `read ${short(wanted.stream)}@${String(wanted.from)}`;
}

const matchers = new Map<string, (type: string) => boolean>();

/** Whether a type is wanted, found out once for each. */
function matcherOf(regex: string): (type: string) => boolean {
  const known = matchers.get(regex);
  if (known !== undefined) return known;
  const [pattern, found] = [new RegExp(regex), new Map<string, boolean>()];
  const matcher = (type: string): boolean => {
    let matches = found.get(type);
    if (matches === undefined) found.set(type, (matches = pattern.test(type)));
    return matches;
  };
  matchers.set(regex, matcher);
  return matcher;
}
