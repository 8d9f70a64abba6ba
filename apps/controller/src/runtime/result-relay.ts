import { deriveId, parseStream, streamName } from '@cairn/domain';
import { type EventStore, OutcomeUnknown, type RecordedEvent, WrongRevision } from '@cairn/event-store';
import { agentEvent, agentStream } from '@cairn/host-protocol';
import { KeyedMutex } from '@cairn/turns';

import type { Log } from '../log';
import { Barrier } from './barrier';
import type { CommandExecutor } from './execute';
import type { Clock } from './ports';
import { PositionTracker } from './position-tracker';
import { RefusedReports } from './refused-reports';
import { isUnavailable, ReportAcceptor } from './report-acceptor';

/**
 * Save a host's checkpoint every 64 results or every minute, whichever comes first. A controller that lost its index
 * relays the results after the checkpoint again, which changes nothing: the streams know the commands (repeats.ts).
 */
const SAVE_EVERY = 64n;
const EVERY_MINUTE_MS = 60_000;

/**
 * How many reports of a host may be in work before the log's reader stops waiting for that host. From then on the relay
 * reads the host's stream by itself, `CATCH_UP_WIDTH` reports at a time, until it has caught up.
 */
const MOST_PENDING = 128;
const CATCH_UP_WIDTH = 32;

/** How often to try a report that fails although every service answers; then it counts as refused. About a minute. */
const MOST_TRIES = 8;
const RETRY_MS = { first: 200, most: 30_000 };

/** The state of one host's relay. */
interface Progress {
  readonly tracker: PositionTracker;
  readonly order: Barrier;
  readonly lanes: KeyedMutex;
  saved: bigint;
  saving: boolean;
  /** The newest report whose relay has begun. */
  taken: bigint;
  /** The newest report that the reader has handed over. */
  newest: bigint;
  /** More reports came than the relay could take: it reads those between `taken` and `newest` from the stream. */
  behind: boolean;
  /** The previous process ended while it was behind; the host's next report tells where the gap ends. */
  wasBehind: boolean;
}

/** The data of an event in `relay-<host>`. */
interface Saved {
  readonly revision: string;
  readonly behind?: true;
}

/**
 * Relays agents' reports to the domain: those of one resource in order, and each start of an agent after all earlier
 * reports and before all later ones. Hosts do not wait for each other, so a busy one delays nobody else.
 */
export class ResultRelay {
  private readonly refused = new RefusedReports();
  private readonly acceptor: ReportAcceptor;
  private readonly hosts = new Map<string, Promise<Progress>>();

  constructor(
    private readonly store: EventStore,
    executor: CommandExecutor,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.acceptor = new ReportAcceptor(executor, this.refused, clock, log);
  }

  /** The work that follows from an event of an agent's stream; undefined for other streams. */
  handle(event: RecordedEvent): Promise<void> | undefined {
    const ref = parseStream(event.stream);
    return ref?.category === 'agent' ? this.take(ref.id, event) : undefined;
  }

  /** Saves each host's checkpoint and records refused reports, every minute until the signal aborts. */
  async keepSaving(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.clock.sleep(EVERY_MINUTE_MS, signal);
      for (const [hostId, loading] of this.hosts) {
        const progress = await loading;
        const done = progress.tracker.checkpoint ?? -1n;
        if (done > progress.saved) await this.save(hostId, progress, done);
      }
      await this.acceptor.recordRefused();
    }
  }

  private async take(hostId: string, event: RecordedEvent): Promise<void> {
    const loading = this.hosts.get(hostId) ?? this.load(hostId);
    this.hosts.set(hostId, loading);
    const progress = await loading;
    if (event.revision <= progress.taken) return;
    progress.newest = event.revision;
    if (progress.behind) return;
    if (progress.wasBehind || progress.tracker.pending >= MOST_PENDING) {
      progress.behind = true;
      void this.catchUp(hostId, progress);
      return;
    }
    await this.relay(hostId, progress, event);
  }

  private async relay(hostId: string, progress: Progress, event: RecordedEvent): Promise<void> {
    progress.taken = event.revision;
    const work = this.begin(hostId, progress, event);
    progress.tracker.begin(event.revision, work);
    await work;
    const done = progress.tracker.checkpoint ?? -1n;
    if (done - progress.saved >= SAVE_EVERY) await this.save(hostId, progress, done);
  }

  /** Returns undefined if there is nothing to do. Never rejects. */
  private begin(hostId: string, { order, lanes }: Progress, event: RecordedEvent): Promise<void> | undefined {
    const report = agentEvent(event);
    if ('why' in report) {
      this.refused.note(hostId, report.why);
      return undefined;
    }
    const accept = (): Promise<void> =>
      this.untilDone(hostId, event, () => this.acceptor.accept(hostId, event, report));
    // an agent's start is exclusive: reports before it must be recorded first, and reports after it later
    if (report.type === 'agent.started.v1') return order.alone(accept);
    const about = 'resource' in report.data ? streamName(report.data.resource) : '';
    return order.among(() => lanes.run(about, accept));
  }

  /** Reads the reports that the log's reader has skipped, as fast as the relay takes them. */
  private async catchUp(hostId: string, progress: Progress): Promise<void> {
    this.log.warn('a host reports more than can be relayed: the rest waits', { hostId });
    await this.save(hostId, progress, progress.tracker.checkpoint ?? progress.saved);
    while (progress.taken < progress.newest) {
      await this.insistently(`what ${hostId} reported`, async () => {
        for await (const event of this.store.read(agentStream(hostId), progress.taken + 1n)) {
          await progress.tracker.room();
          void this.relay(hostId, progress, event);
          if (event.revision >= progress.newest) return;
        }
        progress.taken = progress.newest; // the log does not hold the rest any more
      });
    }
    progress.behind = false;
    progress.wasBehind = false;
  }

  private async load(hostId: string): Promise<Progress> {
    const last = await this.insistently(`where the results of ${hostId} are`, () =>
      this.store.last(relayStream(hostId)),
    );
    const { revision = '-1', behind = false } = (last?.data ?? {}) as Partial<Saved>;
    const saved = BigInt(revision);
    const [tracker, order, lanes] = [new PositionTracker(CATCH_UP_WIDTH), new Barrier(), new KeyedMutex()];
    const at = { saved, taken: saved, newest: saved };
    return { ...at, tracker, order, lanes, saving: false, behind: false, wasBehind: behind };
  }

  /**
   * Saves the revision up to which all results are relayed in `relay-<host>`, which keeps only the newest. Never
   * rejects.
   */
  private async save(hostId: string, progress: Progress, revision: bigint): Promise<void> {
    if (progress.saving) return;
    progress.saving = true;
    try {
      const stream = relayStream(hostId);
      const last = await this.store.last(stream);
      if (last === undefined) await this.store.keepLast(stream, 1);
      const { behind } = progress;
      const data = { revision: String(revision), ...(behind ? { behind } : {}) };
      const id = deriveId(stream, String(revision), String(behind), String(last?.revision ?? ''));
      await this.store.append(stream, last?.revision ?? 'no-stream', [
        { id, type: 'relay.advanced.v1', data, metadata: {} },
      ]);
      progress.saved = revision;
    } catch (error) {
      if (error instanceof WrongRevision || error instanceof OutcomeUnknown) return;
      this.log.warn('how far results are relayed could not be saved', { hostId, error });
    } finally {
      progress.saving = false;
    }
  }

  /**
   * Retries while a service is unavailable, for as long as that takes. Gives up a report that keeps failing by itself:
   * the job is sent again while it is due, and the agent then repeats its report.
   */
  private async untilDone(hostId: string, event: RecordedEvent, work: () => Promise<void>): Promise<void> {
    let failures = 0;
    await this.insistently(`relay ${event.type} of ${hostId}`, async () => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof OutcomeUnknown) && !isUnavailable(error)) failures += 1;
        if (failures < MOST_TRIES) throw error;
        this.log.error('a report is given up', { hostId, type: event.type, revision: String(event.revision), error });
        this.refused.note(hostId, `${event.type}: it cannot be recorded`);
      }
    });
  }

  private async insistently<T>(what: string, work: () => Promise<T>): Promise<T> {
    for (let wait = RETRY_MS.first; ; wait = Math.min(wait * 2, RETRY_MS.most)) {
      try {
        return await work();
      } catch (error) {
        this.log.warn(`${what}: to be tried again`, { error });
        await this.clock.sleep(wait);
      }
    }
  }
}

const relayStream = (hostId: string): string => `relay-${hostId}`;
