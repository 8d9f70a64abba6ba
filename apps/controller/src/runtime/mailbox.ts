import { type AnyAggregate, DomainError, type Message } from '@cairn/domain';
import {
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
  OutcomeUnknown,
  type RecordedEvent,
  StoreFull,
  streamHash,
  WrongRevision,
} from '@cairn/event-store';

import { contextOf, eventId, metadataOf, worldOf } from './event-metadata';
import { evolved, readTail, recorded } from './folding';
import { isLate, isOver, LogPatience, stillWaiting, type TroubledRequests, unavailable } from './log-patience';
import type { Clock, CommandContext, Executed } from './ports';
import { type Earliest, Repeats, type Try } from './repeats';
import { isBehind, type KnownRevisions, nextRevision } from './revisions';
import { blank, type Folded, type Snapshots } from './snapshots';

const MAX_BATCH = 128;
const RETRY_MS = { first: 50, most: 2_000 };

interface Pending extends Try {
  readonly command: Message;
  readonly at: string;
  readonly resolve: (done: Executed) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly answer: unknown; readonly events: readonly NewEvent[] } | { readonly refused: DomainError };

export interface MailboxPorts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly snapshots: Snapshots;
  /** HMAC of a command's canonical JSON: proves later which command an event came from. */
  readonly commandHash: (canonical: string) => string;
  /** Of all mailboxes. */
  readonly troubled: TroubledRequests;
  /** Of all streams, also of those whose mailbox was dropped. */
  readonly revisions: KnownRevisions;
}

/** A caller that waits for the state. */
interface Look {
  /** True if the cached state is not enough: read the log again. */
  readonly fromLog: boolean;
  readonly resolve: (folded: Folded) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The cached state of one stream, and the commands that wait for it; one append writes all waiting commands. The state
 * includes every event that the log's reader has handed over, so code that handles an event sees its result.
 */
export class Mailbox {
  private folded: Folded | undefined;
  /** True until this process first reads or writes the stream. */
  private untouched = true;
  /** There may be events behind the cached state that are never observed. */
  private doubted = false;
  private queue: Pending[] = [];
  private looks: Look[] = [];
  private working: Promise<void> | undefined;
  private readonly repeats: Repeats;

  constructor(
    readonly stream: string,
    private readonly aggregate: AnyAggregate,
    private readonly ports: MailboxPorts,
    earliest: Earliest,
  ) {
    this.repeats = new Repeats(stream, aggregate, ports.store, earliest);
  }

  get idle(): boolean {
    return this.working === undefined;
  }

  execute(command: Message, context: CommandContext): Promise<Executed> {
    if (context.logBy !== undefined && this.ports.troubled.full) return Promise.reject(unavailable('log.unavailable'));
    return new Promise((resolve, reject) => {
      this.queue.push({ command, context, at: this.ports.clock.now(), found: [], newAt: undefined, resolve, reject });
      this.working ??= this.work();
    });
  }

  /**
   * The state with every event that this process knows of.
   * @param atLeast a revision that the stream is known to have reached
   * @throws OutcomeUnknown if the log cannot be read, or shows less than that
   */
  current(atLeast: ExpectedRevision = 'no-stream'): Promise<Folded> {
    this.reaches(atLeast);
    return this.folded !== undefined && this.isCurrent(this.folded) ? Promise.resolve(this.folded) : this.look(false);
  }

  /** The state as the log has it now. @throws OutcomeUnknown if the log cannot be read. */
  latest(): Promise<Folded> {
    return this.look(true);
  }

  /** Takes over an event that the log's reader has read, if it is the next one and the mailbox is idle. */
  observe(event: RecordedEvent): void {
    const { folded } = this;
    if (folded === undefined || !this.idle) return;
    if (event.revision === nextRevision(folded.revision)) this.folded = recorded(this.aggregate, folded, event);
  }

  /** Cached state may lack events that nobody will hand over: reads the new events before the state is used again. */
  doubt(): void {
    this.doubted = true;
  }

  /** Whether a command with this id was carried out, as far as this process has read the log. */
  async knows(context: CommandContext): Promise<boolean> {
    return this.repeats.includes({ context, newAt: undefined, found: [] }, { type: '' }, await this.current());
  }

  private reaches(revision: ExpectedRevision): void {
    this.ports.revisions.note(this.stream, revision);
  }

  private look(fromLog: boolean): Promise<Folded> {
    return new Promise((resolve, reject) => {
      this.looks.push({ fromLog, resolve, reject });
      this.working ??= this.work();
    });
  }

  private async work(): Promise<void> {
    while (this.queue.length + this.looks.length > 0) {
      await this.lookUp(this.looks.splice(0));
      await this.settle(this.queue.splice(0, MAX_BATCH));
    }
    this.working = undefined;
  }

  private async lookUp(looks: readonly Look[]): Promise<void> {
    if (looks.length === 0) return;
    try {
      const fromLog = looks.some((look) => look.fromLog);
      const folded = await (fromLog && this.folded !== undefined ? this.readFrom(this.folded, []) : this.fresh([]));
      for (const { resolve } of looks) resolve(folded);
    } catch (error) {
      for (const { reject } of looks) reject(error);
    }
  }

  /** Decides and appends a batch, in every try with the same ids, until it succeeds or its deadlines have passed. */
  private async settle(batch: readonly Pending[]): Promise<void> {
    if (batch.length === 0) return;
    const { clock, troubled } = this.ports;
    const patience = new LogPatience(clock, batch, this.behind, troubled);
    try {
      await this.tryOn(patience);
    } finally {
      patience.end();
    }
  }

  /** Tells those in the queue who wait no longer for a log that takes no writes; the number of those who still do. */
  private readonly behind = (now?: string): number => {
    if (now !== undefined) this.queue = [...stillWaiting(this.queue, now, isLate)];
    return this.queue.length;
  };

  private async tryOn(patience: LogPatience<Pending>): Promise<void> {
    for (let wait = RETRY_MS.first; patience.waiting.length > 0; wait = Math.min(wait * 2, RETRY_MS.most)) {
      const { waiting } = patience;
      try {
        patience.attempt();
        await this.attempt(waiting);
        return;
      } catch (error) {
        if (error instanceof WrongRevision) {
          patience.waiting = await this.afterConflict(waiting);
        } else if (error instanceof StoreFull) {
          this.folded = undefined;
          for (const { reject } of waiting) reject(unavailable('log.full'));
          return;
        } else if (error instanceof OutcomeUnknown) {
          this.folded = undefined;
          patience.fail();
          patience.waiting = stillWaiting(waiting, this.ports.clock.now(), isLate);
          if (patience.waiting.length > 0) await this.ports.clock.sleep(wait);
        } else {
          this.folded = undefined;
          await this.refuse(waiting, error);
          return;
        }
      }
    }
  }

  /** Splits the batch and retries, so that one bad command cannot fail its neighbours. */
  private async refuse(waiting: readonly Pending[], error: unknown): Promise<void> {
    if (waiting.length === 1) {
      waiting[0]?.reject(error);
      return;
    }
    const half = Math.ceil(waiting.length / 2);
    await this.settle(waiting.slice(0, half));
    await this.settle(waiting.slice(half));
  }

  private async afterConflict(waiting: readonly Pending[]): Promise<readonly Pending[]> {
    const { folded } = this;
    // what the next attempt does anyway, if the reading fails
    if (folded !== undefined) await this.readFrom(folded, waiting).catch(() => undefined);
    return stillWaiting(waiting, this.ports.clock.now(), isOver);
  }

  private async attempt(batch: readonly Pending[]): Promise<void> {
    const before = await this.fresh(batch);
    let folded = before;
    const events: NewEvent[] = [];
    const decided = new Map<string, Outcome>();
    const repeated = new Set<Pending>();
    for (const one of batch) if (await this.repeats.includes(one, one.command, before)) repeated.add(one);
    const outcomes = batch.map((pending): Outcome => {
      const { commandId } = pending.context;
      if (repeated.has(pending))
        return { answer: this.aggregate.answer?.(pending.command, folded.state), events: pending.found };
      const twin = decided.get(commandId);
      if (twin !== undefined) return twin; // a command has one answer, refused or not
      const [outcome, after] = this.decide(pending, folded);
      if ('events' in outcome) events.push(...outcome.events);
      decided.set(commandId, outcome);
      folded = after;
      return outcome;
    });
    let { position } = before;
    if (events.length > 0) {
      const appended = await this.ports.store.append(this.stream, before.revision, events);
      position = appended.position;
      this.reaches(appended.revision);
      const first = nextRevision(before.revision);
      // not before they are in the log
      for (const [i, event] of events.entries())
        before.recent.note(contextOf(event).commandId, { revision: first + BigInt(i), position });
      this.folded = { ...folded, revision: appended.revision, position };
      this.ports.snapshots.consider(this.stream, this.aggregate, before.revision, this.folded);
    }
    batch.forEach((pending, i) => {
      const outcome = outcomes[i] as Outcome;
      if ('refused' in outcome) pending.reject(outcome.refused);
      else pending.resolve({ position, answer: outcome.answer, events: outcome.events });
    });
  }

  /** The outcome of one command, on a state that includes the events of earlier commands in the same append. */
  private decide(pending: Pending, folded: Folded): readonly [Outcome, Folded] {
    const { command, context, at } = pending;
    try {
      const decided = this.aggregate.decide(command, folded.state, worldOf(context, at));
      const { commandHash } = this.ports;
      const metadata = decided.length === 0 ? {} : metadataOf(command, context, at, commandHash);
      let after = folded;
      const events = decided.map((message, i): NewEvent => {
        const bare = { id: eventId(metadata, after.link, i), ...message, metadata } as NewEvent;
        const event = { ...bare, metadata: { ...metadata, streamHash: streamHash(after.link, bare) } };
        after = evolved(this.aggregate, after, event);
        return event;
      });
      return [{ answer: this.aggregate.answer?.(command, after.state), events }, after];
    } catch (error) {
      if (error instanceof DomainError) return [{ refused: error }, folded];
      throw error;
    }
  }

  /** The cached state, brought up to the events that the log's reader has seen. */
  private async fresh(pending: readonly Pending[]): Promise<Folded> {
    const { folded } = this;
    if (folded !== undefined) return this.isCurrent(folded) ? folded : this.readFrom(folded, pending);
    for (const { found } of pending) found.length = 0;
    const { untouched } = this;
    this.untouched = false;
    const first = pending.length > 0 && pending.every(({ context }) => context.first === true);
    if (untouched && first && this.ports.revisions.of(this.stream) === 'no-stream') return blank(this.aggregate);
    return this.readFrom(await this.ports.snapshots.load(this.stream, this.aggregate), pending);
  }

  private isCurrent({ revision }: Folded): boolean {
    return !this.doubted && !isBehind(revision, this.ports.revisions.of(this.stream));
  }

  private async readFrom(from: Folded, pending: readonly Pending[]): Promise<Folded> {
    this.doubted = false; // not after the reading: it may begin too early for a doubt that comes meanwhile
    this.folded = undefined; // recent commands grow in place: half a tail would leave them ahead of the state
    const { stream, aggregate } = this;
    const atLeast = this.ports.revisions.of(stream);
    this.folded = await readTail(this.ports, { stream, aggregate, atLeast }, from, pending);
    this.reaches(this.folded.revision);
    return this.folded;
  }
}
