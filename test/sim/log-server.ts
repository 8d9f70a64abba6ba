import {
  type AppendResult,
  type EventStore,
  EventStoreDb,
  type LogMessage,
  MemoryEventStore,
  type NewEvent,
  type RecordedEvent,
} from '@cairn/event-store';

import { ClusterModel } from '../../apps/eventstore/src/faults/cluster/cluster-model';
import { FilteredFeed, type Release } from '../../apps/eventstore/src/faults/cluster/filtered-feed';
import { Cluster } from '../../libs/event-store/src/nodes/cluster';
import type { Wanted, Write } from '../../libs/event-store/src/nodes/node';
import type { VirtualTime } from './clock';
import type { Step } from './effect-steps';
import type { Ending } from './ending';
import { LogUse } from './invariants/log-use';
import {
  addressOf,
  type AppendTrouble,
  CALM_MS,
  notReady,
  refused,
  reset,
  timedOut,
  WRITE_TIMEOUT_MS,
} from './log-answers';
import { LogNode } from './log-node';
import { sourceOf } from './log-source';
import type { Plan } from './plan';
import { type Incarnation, never } from './processes';
import type { Random } from './random';

const LATE_MS = { least: 1_000, most: 20_000 };
const NODES = 3;

interface Client {
  readonly cluster: Cluster;
  /** The nodes that it follows. */
  readonly subscriptions: number[];
}

/** The log as a cluster of servers: its events are durable, its nodes and their wires are unreliable. */
export class LogServer {
  readonly log: MemoryEventStore;
  readonly nodes: ClusterModel;
  readonly clients = new Map<Incarnation, Client>();
  private readonly subscribers = new Set<{ readonly wake: () => void }>();
  private readonly metadata = new Map<string, RecordedEvent>();
  private appendTroubles: { readonly kind: AppendTrouble; readonly type: string }[] = [];
  private brokenReads = 0;
  private awayUntil = 0;
  private drops = 0;
  private readonly release: Release;
  private readonly use: LogUse;
  /** How often processes ask after the node that they use: seldom when nothing goes wrong any more. */
  private readonly pace = { watchMs: 1_000, answerMs: 1_500, searchMs: 300 };

  /**
   * @param committed called with each event the moment it is in the log.
   * @param stepsOf says what appending events does for effects.
   * @param claim told of each process that does not go on although it could.
   */
  constructor(
    readonly time: VirtualTime,
    private readonly random: Random,
    { release, electMs }: Pick<Plan, 'release' | 'electMs'>,
    private readonly committed: (event: RecordedEvent) => void,
    readonly stepsOf: (events: readonly NewEvent[]) => readonly Step[],
    claim: (what: string) => void,
  ) {
    this.log = new MemoryEventStore(() => time.iso);
    this.release = release;
    this.nodes = new ClusterModel(NODES, time, () => this.log.all().length, { electMs, resignMs: 5_000 });
    this.nodes.onChange(() => {
      this.wakeAll();
    });
    this.use = new LogUse(time, this, electMs, claim);
  }

  connect(process: Incarnation): EventStore {
    const { time } = this;
    const timing = { now: () => time.now, after: (ms: number, work: () => void) => process.after(ms, work) };
    const open = (address: string): LogNode => new LogNode(this, process, address);
    const seeds = Array.from({ length: NODES }, (_, node) => addressOf(node));
    const cluster = new Cluster({ seeds, alone: false, open }, timing, this.pace);
    for (const [client] of this.clients) if (!client.alive) this.clients.delete(client);
    this.clients.set(process, { cluster, subscriptions: [] });
    return this.use.bounded(new EventStoreDb(cluster, undefined, timing), process);
  }

  /** What becomes of the next appends whose first event's type begins so. */
  troubleAppends(kind: AppendTrouble, type: string, count: number): void {
    this.appendTroubles.push(...Array.from({ length: count }, () => ({ kind, type })));
  }

  breakReads(count: number): void {
    this.brokenReads += count;
  }

  /** Nobody gets an answer for that long, and every subscription ends. */
  goAway(ms: number): void {
    this.awayUntil = this.time.now + ms;
    this.dropSubscriptions();
    this.time.after(ms, () => {
      this.wakeAll();
    });
  }

  dropSubscriptions(): void {
    this.drops += 1;
    this.wakeAll();
  }

  /** No more trouble. */
  behave(): void {
    this.appendTroubles = [];
    this.brokenReads = 0;
    this.awayUntil = 0;
    this.nodes.heal();
    this.time.after(CALM_MS, () => {
      this.pace.watchMs = 60_000;
    });
  }

  /** Whether a node can be reached by a process and answers it; and the log has not been away for that long. */
  isOpen(client: string, node: number, forMs = 0): boolean {
    return this.time.now >= this.awayUntil + forMs && this.nodes.isOpen(client, node);
  }

  /** An append as it arrives at a node, at once or when its way is open again. */
  async append(client: string, node: number, write: Write): Promise<AppendResult> {
    await this.arrival(client, node);
    const trouble = this.trouble(write.events[0]?.type ?? '');
    const answer = await (trouble === undefined ? this.written(node, write) : this.troubled(trouble, node, write));
    await this.arrival(client, node);
    return answer;
  }

  /** What is asked for; only some of it, and no end, when the connection breaks. */
  async read(
    client: string,
    node: number,
    wanted: Exclude<Wanted, { kind: 'all' }>,
    fromLeader: boolean,
  ): Promise<{ readonly events: readonly RecordedEvent[]; readonly all: boolean }> {
    await this.arrival(client, node);
    this.admit(node, fromLeader);
    const events = await this.found(wanted, this.nodes.endAt(node));
    await this.arrival(client, node);
    if (this.brokenReads === 0) return { events, all: true };
    this.brokenReads -= 1;
    return { events: events.slice(0, this.random.int(0, events.length)), all: false };
  }

  /** The messages of a subscription, in turns: each has what the node has for it at that moment. */
  async *follow(
    process: Incarnation,
    node: number,
    { after, matches }: { readonly after: bigint | undefined; readonly matches: (type: string) => boolean },
    over: Ending,
  ): AsyncGenerator<Iterable<LogMessage>> {
    const { log, nodes, drops } = this;
    const feed = new FilteredFeed(sourceOf(log, nodes, node), this.release, after, matches);
    const { subscriptions = [] } = this.clients.get(process) ?? {};
    subscriptions.push(node);
    try {
      yield feed.behind();
      while (over.reason === undefined) {
        if (!process.alive) await never();
        const open = this.isOpen(process.name, node);
        if (this.drops !== drops || !nodes.isUp(node)) throw reset();
        if (open && feed.isBehind) yield feed.live();
        else await this.news(over);
      }
    } finally {
      subscriptions.splice(subscriptions.indexOf(node), 1);
    }
  }

  /** @throws what a node answers that is not to be read from. */
  admit(node: number, fromLeader: boolean): void {
    if (!this.nodes.isUp(node)) throw reset();
    if (!this.nodes.isReady(node)) throw notReady();
    if (fromLeader && this.nodes.role(node) !== 'leader') throw refused('Leader info available');
  }

  /** Resolves when a process reaches a node. @throws when the node has ended. */
  async arrival(client: string, node: number): Promise<void> {
    while (!this.isOpen(client, node)) {
      if (!this.nodes.isUp(node)) throw reset();
      await this.news();
    }
  }

  /** Resolves when anything changed since it was called: the log, the nodes, or their wires; or at that end. */
  news(over?: Ending): Promise<void> {
    return new Promise((resolve) => {
      const subscriber = {
        wake: (): void => {
          this.subscribers.delete(subscriber);
          forget?.();
          resolve();
        },
      };
      this.subscribers.add(subscriber);
      const forget = over?.watch(subscriber.wake);
    });
  }

  private async found(wanted: Exclude<Wanted, { kind: 'all' }>, end: number): Promise<readonly RecordedEvent[]> {
    const log = this.log.all();
    if (wanted.kind === 'end') return log.slice(Math.max(0, end - wanted.count), end).reverse();
    const known = this.metadata.get(wanted.stream);
    if (known !== undefined) return [known];
    const events: RecordedEvent[] = [];
    const limit = log[end - 1]?.position ?? 0n;
    const from = wanted.kind === 'stream' ? wanted.from : 0n;
    for await (const event of this.log.read(wanted.stream, from)) if (event.position <= limit) events.push(event);
    return wanted.kind === 'last' ? events.slice(-1) : events;
  }

  private trouble(type: string): AppendTrouble | undefined {
    const index = this.appendTroubles.findIndex((trouble) => type.startsWith(trouble.type));
    return index < 0 ? undefined : this.appendTroubles.splice(index, 1)[0]?.kind;
  }

  private async troubled(kind: AppendTrouble, node: number, write: Write): Promise<AppendResult> {
    const leader = this.nodes.leaderOf(node);
    const isDone =
      kind === 'unanswered' || kind === 'leader-lost' || (/reset|out/.test(kind) && this.random.chance(0.5));
    if (isDone) await this.written(node, write).catch(() => undefined);
    if (kind === 'late') {
      this.time.after(this.random.int(LATE_MS.least, LATE_MS.most), () => {
        this.written(node, write).catch(() => undefined);
      });
    }
    if (kind === 'reset') throw reset();
    if (kind === 'time-out') await this.timeOut();
    if (kind === 'leader-lost' && leader !== undefined) this.loseNode(leader, this.random.skewed(500, 30_000));
    return never();
  }

  /** A node ends, and is started again after that long. */
  loseNode(node: number, ms: number): void {
    this.nodes.kill(node);
    this.time.after(ms, () => {
      if (!this.nodes.isUp(node)) this.nodes.start(node);
    });
  }

  private async written(node: number, write: Write): Promise<AppendResult> {
    switch (this.nodes.fateAt(node)) {
      case 'committed':
        return this.commit(write);
      case 'not-ready':
        throw notReady();
      case 'kept':
        this.nodes.keep(node, () => {
          this.commit(write).catch(() => undefined);
        });
        return this.timeOut();
      case 'gone':
        return this.timeOut();
    }
  }

  private async timeOut(): Promise<never> {
    await this.time.sleep(WRITE_TIMEOUT_MS);
    throw timedOut();
  }

  private async commit({ stream, expected, events }: Write): Promise<AppendResult> {
    if (stream.startsWith('$$')) return this.noted(stream, events);
    if (expected === 'any') throw new Error(`who appends to ${stream} knows what it expects`);
    const known = this.log.all().length;
    const appended = this.log.append(stream, expected, events);
    for (const event of this.log.all().slice(known)) this.committed(event);
    if (this.log.all().length > known) this.wakeAll();
    return appended;
  }

  /** A stream's metadata: it counts, and is no event that anybody follows. */
  private noted(stream: string, [event]: readonly NewEvent[]): AppendResult {
    const place = { revision: 0n, position: 0n };
    if (event === undefined) return place;
    void this.log.keepLast(stream.slice(2), Number(event.data['$maxCount']));
    this.metadata.set(stream, { ...event, ...place, stream, created: this.time.iso });
    return place;
  }

  private wakeAll(): void {
    for (const { wake } of [...this.subscribers]) wake();
  }
}
