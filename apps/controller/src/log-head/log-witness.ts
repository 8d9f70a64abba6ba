import type { KeyObject } from 'node:crypto';

import { type EventStore, movedTo, NAME_STREAM, nameIn, ownerOf, type RecordedEvent } from '@cairn/event-store';

import type { Log } from '../log';
import type { Clock } from '../runtime/ports';
import { checkHeadPatiently, LogLost } from './check-head';
import { LogDigest } from './log-digest';
import { headKey, rememberedHead, rememberHead, signedHead } from './signed-head';

/** How often what was seen is written down, while there is more of it. */
const SAVE_EVERY_MS = 1_000;
const RETRY_MS = { first: 100, most: 5_000 };

/** The log is in use elsewhere. */
export class LogMoved extends Error {
  constructor(to: string) {
    super(
      `this log was moved to ${to}: the cloud goes on there (./cairn log move says how to finish, or to take it back)`,
    );
  }
}

/** @throws LogMoved when the event says so */
export function refuseMoved(event: RecordedEvent | undefined): void {
  const to = movedTo(event);
  if (to !== undefined) throw new LogMoved(to);
}

export interface LogWitnessPorts {
  readonly store: Pick<EventStore, 'read' | 'last' | 'head' | 'subscribe'>;
  /** Where what was seen is written down. */
  readonly stateDir: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Remembers outside the log how far it went: an older copy that is put in its place is noticed, however much is written to
 * that afterwards, and so is a log that was moved away.
 */
export class LogWitness {
  private savedEvents: number;

  private constructor(
    private readonly ports: LogWitnessPorts,
    private readonly key: KeyObject,
    private readonly digest: LogDigest,
    private name: string,
  ) {
    this.savedEvents = digest.events;
  }

  /** @throws LogLost when the log lacks what was seen of it; LogMoved */
  static async begin(ports: LogWitnessPorts): Promise<LogWitness> {
    const key = await headKey(ports.stateDir);
    const seen = await rememberedHead(ports.stateDir, key);
    const newest = await ports.store.last(NAME_STREAM);
    refuseMoved(newest);
    if (seen !== undefined) await checkHeadPatiently(ports.store, seen, (ms) => ports.clock.sleep(ms));
    const digest = seen === undefined ? LogDigest.empty() : LogDigest.behind(seen);
    return new LogWitness(ports, key, digest, nameIn(newest) ?? '');
  }

  /**
   * Follows the log until the signal aborts.
   * @throws LogLost, LogMoved when it becomes another one meanwhile
   */
  async run(signal: AbortSignal): Promise<void> {
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const saving = this.saveRegularly(either);
    try {
      await this.follow(either);
    } finally {
      failed.abort();
      await saving;
      await this.save();
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const { store, clock, log } = this.ports;
    const running = (): boolean => !signal.aborted;
    for (let wait = RETRY_MS.first; running(); wait = Math.min(wait * 2, RETRY_MS.most)) {
      try {
        for await (const message of store.subscribe(this.digest.position, signal)) {
          if (message.kind !== 'event') continue;
          this.take(message.event);
          wait = RETRY_MS.first;
        }
      } catch (error) {
        if (error instanceof LogMoved) throw error;
        if (running()) log.warn('the log cannot be followed to remember its end, to be tried again', { error });
      }
      if (!running()) return;
      await clock.sleep(wait, signal);
      await this.check(signal);
    }
  }

  private take(event: RecordedEvent): void {
    if (ownerOf(event) !== 'cairn') return;
    this.digest.add(event);
    if (event.stream === NAME_STREAM) this.name = String(event.data['name']);
    refuseMoved(event);
  }

  /** That it is still the same log, where it can be asked. */
  private async check(signal: AbortSignal): Promise<void> {
    const { store, clock } = this.ports;
    const head = this.digest.head('', '');
    try {
      if (head !== undefined) await checkHeadPatiently(store, head, (ms) => clock.sleep(ms, signal));
    } catch (error) {
      if (error instanceof LogLost && !signal.aborted) throw error;
    }
  }

  private async saveRegularly(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.ports.clock.sleep(SAVE_EVERY_MS, signal);
      await this.save();
    }
  }

  /** Never rejects: without it less is noticed, and nothing else. */
  private async save(): Promise<void> {
    const { stateDir, clock, log } = this.ports;
    const head = this.digest.head(this.name, clock.now());
    if (head === undefined || head.events === this.savedEvents) return;
    try {
      await rememberHead(stateDir, signedHead(head, this.key));
      this.savedEvents = head.events;
    } catch (error) {
      log.warn('how far the log goes could not be written down', { error });
    }
  }
}
