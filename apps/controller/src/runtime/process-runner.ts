import {
  type AnyAggregate,
  aggregateOf,
  type Effect,
  type Instant,
  later,
  parseStream,
  streamName,
  type StreamRef,
} from '@cairn/domain';
import type { ExpectedRevision, Position, RecordedEvent } from '@cairn/event-store';
import { GenerationalCache } from '@cairn/cache';

import type { DueEntry, DueIndex } from './due-index';
import type { EffectRunner } from './effect-runner';
import type { CommandExecutor } from './execute';
import { Lanes } from './lanes';
import type { Log } from '../log';
import { owedBy } from './owed';
import type { Clock } from './ports';
import type { Cause } from './snapshots';

/** How often to send a job again that no host has answered. */
const RESEND_MS = 60_000;
const BACK_OFF_MS = { first: 1_000, most: 300_000 };

/** What this process remembers of an effect. It decides nothing, and only saves work. */
interface Owed {
  /** Do not try before this moment. */
  until: Instant;
  attempts: number;
  lastError: string | null;
}

export interface ProcessRunnerPorts {
  readonly executor: CommandExecutor;
  readonly effects: EffectRunner;
  readonly index: DueIndex;
  readonly clock: Clock;
  readonly log: Log;
}

/** Carries out the effects that streams owe: at start, after each event, and at the times that the effects name. */
export class ProcessRunner {
  private readonly lanes = new Lanes(64);
  private readonly owed = new Map<string, Map<string, Owed>>();
  private readonly attended = new GenerationalCache<string, bigint>(50_000);
  /** How often in a row reading the stream has failed. */
  private readonly unreadable = new Map<string, number>();
  /** When to look at which stream next. A stream is absent while the runner looks at it. */
  private readonly entries = new Map<string, DueEntry>();
  /** For streams that owe something: a position at which they did not yet. Absent after a restart. */
  private readonly since = new Map<string, Position>();
  /** Streams that the index has or will have an entry for. */
  private readonly indexed = new Set<string>();
  private readonly changes = new Map<string, DueEntry | null>();
  private saved: Position | undefined;
  private soonest: Instant = '9999';
  private wake: (() => void) | undefined;

  constructor(private readonly ports: ProcessRunnerPorts) {}

  /**
   * Loads the index, if it belongs to this history of the log, and looks at all its streams at once.
   * @returns the position from which to read the log.
   */
  async start(history: string | null): Promise<Position | undefined> {
    await this.ports.index.keepOf(history);
    const { checkpoint, entries } = await this.ports.index.load();
    const now = this.ports.clock.now();
    for (const entry of entries) this.schedule({ ...entry, nextDueAt: now });
    this.saved = checkpoint;
    return checkpoint;
  }

  /** The work that follows from an event; undefined if there is none. */
  handle(event: RecordedEvent): Promise<void> | undefined {
    const ref = parseStream(event.stream);
    const aggregate = aggregateOf(ref?.category ?? '');
    if (ref === undefined || aggregate?.due === undefined) return undefined;
    if ((this.attended.peek(event.stream) ?? -1n) >= event.revision) return undefined;
    return this.lanes.run(event.stream, () => {
      // a stream without an entry owed nothing before this event
      if (!this.indexed.has(event.stream)) this.since.set(event.stream, event.position);
      return this.attend(event.stream, ref, aggregate, event.revision);
    });
  }

  /** Looks at streams when their time has come, until the signal aborts. */
  async keepTime(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const now = this.ports.clock.now();
      if (this.soonest <= now) this.attendDue(now);
      const wait = Date.parse(this.soonest) - Date.parse(this.ports.clock.now());
      await this.sleepUntilWoken(Math.min(Math.max(Number.isNaN(wait) ? 60_000 : wait, 1), 60_000), signal);
    }
  }

  /**
   * Retries at once every effect that failed, because a dependency is back, and sends every outstanding job again, because
   * the queue may have lost it.
   */
  tryAgain(): void {
    const now = this.ports.clock.now();
    const waiting = [...this.owed.keys(), ...this.unreadable.keys()];
    for (const effects of this.owed.values()) for (const one of effects.values()) [one.until, one.attempts] = [now, 0];
    this.unreadable.clear();
    for (const stream of waiting) {
      const entry = this.entries.get(stream);
      if (entry !== undefined && entry.nextDueAt > now) this.schedule({ ...entry, nextDueAt: now });
    }
  }

  /** Saves the index's changes with the checkpoint; false if there are none. */
  async save(checkpoint: Position | undefined): Promise<boolean> {
    if (this.changes.size === 0 && checkpoint === this.saved) return false;
    const changes = new Map(this.changes);
    this.changes.clear();
    try {
      await this.ports.index.commit(changes, checkpoint);
      this.saved = checkpoint;
      return true;
    } catch (error) {
      for (const [stream, entry] of changes) if (!this.changes.has(stream)) this.changes.set(stream, entry);
      throw error;
    }
  }

  private attendDue(now: Instant): void {
    this.soonest = '9999';
    for (const { stream, nextDueAt } of [...this.entries.values()]) {
      if (nextDueAt > now) {
        if (nextDueAt < this.soonest) this.soonest = nextDueAt;
        continue;
      }
      this.entries.delete(stream);
      const ref = parseStream(stream);
      const aggregate = aggregateOf(ref?.category ?? '');
      if (ref !== undefined && aggregate !== undefined) {
        void this.lanes.run(stream, () => this.attend(stream, ref, aggregate));
      }
    }
  }

  private async sleepUntilWoken(ms: number, signal: AbortSignal): Promise<void> {
    const sleeping = new AbortController();
    this.wake = () => {
      sleeping.abort('woken'); // without a reason, an error is made with its stack
    };
    const stop = (): void => {
      sleeping.abort();
    };
    signal.addEventListener('abort', stop, { once: true });
    if (!signal.aborted) await this.ports.clock.sleep(ms, sleeping.signal);
    signal.removeEventListener('abort', stop);
  }

  /**
   * Carries out ready effects until none is left, then notes when to look next.
   * @param atLeast the revision that the stream is known to have: an older state may owe what is done by now
   */
  private async attend(
    stream: string,
    ref: StreamRef,
    aggregate: AnyAggregate,
    atLeast: ExpectedRevision = this.attended.peek(stream) ?? 'no-stream',
  ): Promise<void> {
    const { executor, clock, log } = this.ports;
    const owed = this.owed.get(stream) ?? new Map<string, Owed>();
    /** Running effects. Effects that become due meanwhile do not wait for them. */
    const underway = new Map<string, Promise<void>>();
    try {
      for (;;) {
        const { state, revision, cause } = await executor.folded(ref, atLeast);
        this.unreadable.delete(stream);
        const effects = owedBy(aggregate, state);
        forgetAllBut(owed, effects);
        const now = clock.now();
        for (const effect of effects) {
          const { id } = effect;
          if (underway.has(id) || startsAt(effect, owed.get(id)) > now) continue;
          const ended = this.carryOut(ref, effect, cause, owed).then(() => void underway.delete(id));
          underway.set(id, ended);
        }
        if (underway.size === 0) {
          if (revision !== 'no-stream') this.attended.set(stream, revision);
          this.note(stream, String(revision), effects, owed);
          return;
        }
        await Promise.race(underway.values());
      }
    } catch (error) {
      await Promise.all(underway.values());
      log.error('a stream cannot be attended', { stream, error });
      const attempts = this.unreadable.get(stream) ?? 0;
      this.unreadable.set(stream, attempts + 1);
      const nextDueAt = later(clock.now(), backOff(attempts));
      this.schedule({ stream, revision: '', nextDueAt, attempts: attempts + 1, lastError: messageOf(error) });
    } finally {
      if (owed.size === 0) this.owed.delete(stream);
      else this.owed.set(stream, owed);
    }
  }

  private async carryOut(ref: StreamRef, effect: Effect, cause: Cause, owed: Map<string, Owed>): Promise<void> {
    const { effects, clock } = this.ports;
    const { attempts = 0 } = owed.get(effect.id) ?? {};
    const wait = backOff(attempts);
    const after = this.since.get(streamName(ref));
    try {
      const now = clock.now();
      if (effect.dueBy !== undefined && effect.dueBy <= now && effect.onExpired !== undefined) {
        await effects.expire(ref, effect, effect.onExpired, cause, after);
      } else if ((await effects.run(ref, effect, cause, after)) === 'sent') {
        owed.set(effect.id, { until: later(clock.now(), RESEND_MS), attempts: 0, lastError: null });
        return;
      }
      // the effect is still due although its outcome was recorded: back off, or it would run without a pause
      owed.set(effect.id, {
        until: later(clock.now(), wait),
        attempts: attempts + 1,
        lastError: 'the outcome changed nothing',
      });
    } catch (error) {
      this.ports.log.warn('an effect failed, to be tried again', {
        effect: effect.id,
        kind: effect.kind,
        owner: ref,
        attempts,
        error,
      });
      owed.set(effect.id, { until: later(clock.now(), wait), attempts: attempts + 1, lastError: messageOf(error) });
    }
  }

  private note(stream: string, revision: string, effects: readonly Effect[], owed: ReadonlyMap<string, Owed>): void {
    if (effects.length === 0) {
      this.since.delete(stream);
      this.entries.delete(stream);
      if (this.indexed.delete(stream)) this.changes.set(stream, null);
      return;
    }
    const starts = effects.map((effect) => startsAt(effect, owed.get(effect.id)));
    const nextDueAt = starts.reduce((a, b) => (a < b ? a : b));
    const worst = effects.reduce<Owed | undefined>((most, { id }) => {
      const one = owed.get(id);
      return one !== undefined && one.attempts >= (most?.attempts ?? 0) ? one : most;
    }, undefined);
    this.schedule({ stream, revision, nextDueAt, attempts: worst?.attempts ?? 0, lastError: worst?.lastError ?? null });
  }

  private schedule(entry: DueEntry): void {
    this.entries.set(entry.stream, entry);
    this.indexed.add(entry.stream);
    this.changes.set(entry.stream, entry);
    if (entry.nextDueAt >= this.soonest) return;
    this.soonest = entry.nextDueAt;
    this.wake?.();
  }
}

const backOff = (attempts: number): number => Math.min(BACK_OFF_MS.first * 2 ** attempts, BACK_OFF_MS.most);

/** When to try an effect next: not before its own start or this process's back-off, and not after its deadline. */
function startsAt(effect: Effect, owed: Owed | undefined): Instant {
  const start = effect.notBefore ?? '';
  const wait = owed === undefined || owed.until < start ? start : owed.until;
  const { dueBy, onExpired } = effect;
  const failing = owed !== undefined && owed.attempts > 0;
  return dueBy !== undefined && onExpired !== undefined && dueBy < wait && !failing ? dueBy : wait;
}

function forgetAllBut(owed: Map<string, Owed>, effects: readonly Effect[]): void {
  if (owed.size === 0) return;
  const ids = new Set(effects.map(({ id }) => id));
  for (const id of owed.keys()) if (!ids.has(id)) owed.delete(id);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
