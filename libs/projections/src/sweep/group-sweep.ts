import { setTimeout as sleep } from 'node:timers/promises';
import { parseStream } from '@cairn/domain';
import type { Position } from '@cairn/event-store';
import { CheckpointMoved } from '../errors';
import type { AnyProjection, Row } from '../projection';
import { positionOf } from '../runner/position';
import type { Checkpoint, EntityOf, RowReader, RowStore, RowTransaction } from '../runner/row-store';
import { byKey, compared, type Difference, type Settled } from './difference';
import { type Made, type StreamEvents, StreamFolds, streamOf } from './stream-events';

/** How often to look again at streams that change while they are looked at, and to try to mend. */
const TRIES = 20;
const PAUSE_MS = 25;

export type Verdict = 'same' | 'different' | 'moving' | 'parked';

/** What became of the streams that were compared. */
export interface Compared {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly differences: readonly Settled[];
}

/** The rows of one group, as a sweep needs them. */
export interface SweptGroup {
  readonly name: string;
  readonly projections: readonly AnyProjection[];
  readonly store: RowStore;
  /** All rows of a table; for tables that one stream makes. */
  all(entity: EntityOf): Promise<readonly Row[]>;
}

/** Of each table, by stream and key. */
type Found = ReadonlyMap<EntityOf, ReadonlyMap<string, ReadonlyMap<string, Row>>>;

/**
 * Compares rows of a group with the folds of their streams, at one place of the log. Rows change only with the checkpoint:
 * they show exactly the log up to it if it is the same before and after they are read; and of a stream without an event
 * behind the first they show all in any case. Of any other stream nothing is said until it rests.
 */
export class GroupSweep {
  private readonly folds: StreamFolds;

  constructor(private readonly group: SweptGroup) {
    this.folds = new StreamFolds(group.projections);
  }

  /** The streams whose rows are in this group. */
  concerns(stream: string): boolean {
    return this.folds.owned(stream).length > 0;
  }

  /** @param events those of the streams, which may have been read before. */
  async compare(streams: readonly string[], events: StreamEvents): Promise<Compared> {
    const verdicts = new Map<string, Verdict>();
    const differences: Settled[] = [];
    let waiting = streams;
    await this.extend(waiting, events);
    for (let tries = 0; waiting.length > 0 && tries < TRIES; tries += 1) {
      if (tries > 0) await sleep(PAUSE_MS);
      const found = await this.look(waiting, events);
      if (found === undefined) break;
      for (const [stream, verdict] of found) if (verdict !== 'moving') verdicts.set(stream, verdict);
      waiting = waiting.filter((stream) => !verdicts.has(stream));
    }
    for (const stream of waiting) verdicts.set(stream, 'moving');
    for (const [stream, verdict] of verdicts) {
      if (verdict !== 'different') continue;
      const confirmed = await this.mend(stream, events);
      if (confirmed.length === 0) verdicts.set(stream, 'same'); // it was mended meanwhile, by another controller
      differences.push(...confirmed);
    }
    return { verdicts, differences };
  }

  private async extend(streams: readonly string[], events: StreamEvents): Promise<void> {
    await events.extend(streams);
    await events.extend(streams.flatMap((stream) => this.folds.endedBy(stream, events.of(stream))));
  }

  /** Undefined where the group is not built: then there is nothing to compare. */
  private async look(streams: readonly string[], events: StreamEvents): Promise<Map<string, Verdict> | undefined> {
    const { store } = this.group;
    const before = await store.checkpoint();
    if (!before.built || before.position === null) return undefined;
    const upTo = positionOf(before.position);
    const rows = await this.found(store, streams);
    const still = (await store.checkpoint()).position === before.position;
    await this.extend(streams, events); // after the rows were read: what they may show is among these
    const verdicts = new Map<string, Verdict>();
    for (const stream of streams)
      verdicts.set(stream, await this.verdict(stream, events, { rows, upTo, still, before }));
    return verdicts;
  }

  private async verdict(
    stream: string,
    events: StreamEvents,
    at: { readonly rows: Found; readonly upTo: Position; readonly still: boolean; readonly before: Checkpoint },
  ): Promise<Verdict> {
    const all = this.eventsOf(stream, events);
    if (at.before.parked.has(stream)) return 'parked';
    if (!at.still && all.some(({ position }) => position > at.upTo)) return 'moving';
    const made = await this.folds.made(stream, all, at.upTo);
    if (made.stopped !== undefined) return 'parked';
    const same = [...made.rows].every(
      ([entity, rows]) => compared(at.rows.get(entity)?.get(stream) ?? new Map(), rows).differences.length === 0,
    );
    return same ? 'same' : 'different';
  }

  private eventsOf(stream: string, events: StreamEvents): ReturnType<StreamEvents['of']> {
    const own = events.of(stream);
    return [...own, ...this.folds.endedBy(stream, own).flatMap((other) => events.of(other))];
  }

  /** The rows that belong to streams, one query for each table. */
  private async found(reader: RowReader, streams: readonly string[]): Promise<Found> {
    const refs = streams.flatMap((stream) => parseStream(stream) ?? []);
    const tables = new Map<EntityOf, ReadonlyMap<string, ReadonlyMap<string, Row>>>();
    for (const { entity, owner } of this.group.projections) {
      const ids = refs.filter(({ category }) => category === owner.category).map(({ id }) => id);
      if (ids.length === 0) continue;
      const rows =
        owner.column === null ? await this.group.all(entity) : await reader.select(entity, owner.column, ids);
      const byStream = Map.groupBy(rows, (row) => streamOf(owner, row));
      tables.set(entity, new Map([...byStream].map(([stream, its]) => [stream, byKey(its)])));
    }
    return tables;
  }

  /** Makes a stream's rows again, where they still differ under the checkpoint's lock. */
  private async mend(stream: string, events: StreamEvents): Promise<readonly Settled[]> {
    const { store } = this.group;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const { position } = await store.checkpoint();
      if (position === null) return [];
      await this.extend([stream], events);
      const made = await this.folds.made(stream, this.eventsOf(stream, events), positionOf(position));
      const before = await this.found(store, [stream]);
      let differences: readonly Difference[] = [];
      try {
        await store.advance(position, position, async (rows) => {
          differences = await this.rewritten(rows, stream, made, before);
        });
        return differences.map((one) => ({ ...one, mended: true }));
      } catch (error) {
        if (!(error instanceof CheckpointMoved)) throw error;
        await sleep(PAUSE_MS);
      }
    }
    return [{ ...this.unnamed(stream), mended: false }];
  }

  private async rewritten(
    rows: RowTransaction,
    stream: string,
    made: Made,
    before: Found,
  ): Promise<readonly Difference[]> {
    const all: Difference[] = [];
    for (const { entity, owner } of this.folds.owned(stream)) {
      const should = made.rows.get(entity) ?? new Map<string, Row>();
      const keys = new Set([...should.keys(), ...(before.get(entity)?.get(stream)?.keys() ?? [])]);
      const now = (await rows.load(entity, [...keys])).filter(
        (row) => should.has(row.id) || streamOf(owner, row) === stream,
      );
      const { differences, put, remove } = compared(byKey(now), should);
      if (remove.length > 0) await rows.remove(entity, remove);
      if (put.length > 0) await rows.put(entity, put);
      all.push(...differences.map((one) => ({ ...one, stream, group: this.group.name, entity })));
    }
    return all;
  }

  private unnamed(stream: string): Difference {
    const [first] = this.folds.owned(stream);
    const entity = (first as AnyProjection).entity;
    return { stream, group: this.group.name, entity, key: '', kind: 'wrong', columns: [] };
  }
}
