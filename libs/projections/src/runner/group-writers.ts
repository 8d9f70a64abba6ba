import type { EventStore, LogMessage, Position } from '@cairn/event-store';
import { UnknownEvent } from '../errors';
import type { RunnerLog, Timer } from '../read-model';
import { Folder, type Task } from './folder';
import { type GroupRows, GroupWriter } from './group-writer';
import { positionOf } from './position';
import { resume, type Resumed } from './resume';

/** What a batch of messages has shown. */
export interface Handled {
  /** The last position in it; 0 when it has none. */
  readonly upTo: Position;
  readonly caughtUp: boolean;
  readonly unknown: UnknownEvent | undefined;
}

/** A batch of messages, looked through. */
interface Sorted extends Handled {
  readonly tasks: ReadonlyMap<GroupWriter, readonly Task[]>;
  readonly events: number;
  /** That of its last event: only this is stored, because what the store says between events may lie beyond its head. */
  readonly lastEvent: Position;
}

/** The groups that one subscription feeds. */
export class GroupWriters {
  private readonly folder: Folder;
  private readonly writers: readonly GroupWriter[];
  private readonly byGroup = new Map<string, GroupWriter>();
  /** The last event that every group has applied, since `begin`. */
  private applied: Position | undefined;

  constructor(
    readonly groups: readonly GroupRows[],
    private readonly logger: RunnerLog,
  ) {
    this.folder = new Folder(groups.flatMap(({ projections }) => projections));
    this.writers = groups.map((rows) => new GroupWriter(rows, logger));
    for (const writer of this.writers) for (const { group } of writer.rows.projections) this.byGroup.set(group, writer);
  }

  /** Begins where each group stands; the log is to be read from where the first of them does. */
  async begin(
    log: Pick<EventStore, 'head' | 'history'>,
    timer: Timer,
    signal: AbortSignal,
  ): Promise<Resumed & { readonly after: Position | undefined }> {
    this.applied = undefined;
    const stores = this.groups.map(({ store }) => store);
    const resumed = await resume({ log, stores, logger: this.logger, timer, signal });
    const positions = resumed.checkpoints.map(({ position, parked }, i) => {
      this.writers[i]?.begin(position, parked);
      return position;
    });
    const known = positions.flatMap((position) => position ?? []).sort();
    const first = known.length < positions.length ? undefined : known[0];
    return { ...resumed, after: first === undefined ? undefined : positionOf(first) };
  }

  /**
   * Applies a batch, up to the first event that is unknown.
   * @param mostPassed events that a group lets pass before it stores where it stands
   */
  async handle(messages: readonly LogMessage[], mostPassed: number): Promise<Handled> {
    const { tasks, events, lastEvent, ...handled } = this.sorted(messages);
    if (events > 0) {
      await this.each((writer) => writer.take(tasks.get(writer) ?? [], events, lastEvent, mostPassed));
      this.applied = lastEvent;
    }
    return handled;
  }

  /** Lets each group store how far it has come. */
  async settle(): Promise<void> {
    const { applied } = this;
    if (applied !== undefined) await this.each((writer) => writer.settle(applied));
  }

  async markBuilt(): Promise<void> {
    for (const { store } of this.groups) await store.markBuilt();
  }

  private sorted(messages: readonly LogMessage[]): Sorted {
    const tasks = new Map<GroupWriter, Task[]>(this.writers.map((writer) => [writer, []]));
    let [events, upTo, lastEvent, caughtUp] = [0, 0n, 0n, false];
    for (const message of messages) {
      if (message.kind === 'caught-up') caughtUp = true;
      else if (message.kind === 'checkpoint') upTo = message.position;
      else {
        try {
          for (const task of this.folder.tasks(message.event)) this.of(tasks, task).push(task);
        } catch (error) {
          if (!(error instanceof UnknownEvent)) throw error;
          return { tasks, events, upTo, lastEvent, caughtUp, unknown: error };
        }
        events += 1;
        upTo = lastEvent = message.event.position;
      }
    }
    return { tasks, events, upTo, lastEvent, caughtUp, unknown: undefined };
  }

  /** All groups at once, each on its own connection. Throws when all have ended and one has failed. */
  private async each(work: (writer: GroupWriter) => Promise<void>): Promise<void> {
    const done = await Promise.allSettled(this.writers.map(work));
    const failed = done.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  private of(tasks: ReadonlyMap<GroupWriter, Task[]>, { group }: Task): Task[] {
    const writer = this.byGroup.get(group);
    return (writer === undefined ? undefined : tasks.get(writer)) ?? [];
  }
}
