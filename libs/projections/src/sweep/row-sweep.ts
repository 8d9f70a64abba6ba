import type { EventStore } from '@cairn/event-store';
import { type DataSource, MoreThan } from 'typeorm';
import type { ReadModelDatabase } from '../database/database';
import { type Generations, generationsIn } from '../database/generations';
import type { AnyProjection, Row } from '../projection';
import { projections as cairns } from '../projections';
import { type Group, groupsOf } from '../runner/generation';
import type { EntityOf } from '../runner/row-store';
import { SqlRowStore } from '../runner/sql-row-store';
import type { Settled } from './difference';
import { GroupSweep, type SweptGroup, type Verdict } from './group-sweep';
import { type Pace, StreamEvents, streamOf } from './stream-events';

export interface RowSweepOptions {
  readonly database: ReadModelDatabase;
  readonly log: Pick<EventStore, 'read'>;
  /** Slows down the reading of the log; as fast as it goes unless told otherwise. */
  readonly pace?: Pace;
  /** All of Cairn's, unless told otherwise. */
  readonly projections?: readonly AnyProjection[];
}

/** What a sweep over some streams has found. */
export interface Swept {
  /** Streams whose rows are, or are again, what their events make. */
  readonly compared: number;
  /** Streams that changed all the while, so that nothing is known of them. */
  readonly moving: readonly string[];
  /** Streams whose rows stand still anyway. */
  readonly parked: readonly string[];
  readonly differences: readonly Settled[];
}

/** A place in the tables, for {@link RowSweep.owners}. */
export interface RowCursor {
  readonly table: number;
  /** The key of the last row that was seen; undefined before the first. */
  readonly after: string | undefined;
}

export const FIRST_ROW: RowCursor = { table: 0, after: undefined };

interface OpenGroup extends SweptGroup {
  readonly source: DataSource;
}

/**
 * Compares the rows of the read models with the log and mends them, on connections of its own, while controllers follow
 * the log. Groups that are being built are left alone: they are made from the log anyway.
 */
export class RowSweep {
  private readonly sweeps: readonly GroupSweep[];
  private readonly tables: readonly { readonly group: OpenGroup; readonly projection: AnyProjection }[];

  private constructor(
    private readonly groups: readonly OpenGroup[],
    private readonly log: Pick<EventStore, 'read'>,
    private readonly pace: Pace | undefined,
  ) {
    this.sweeps = groups.map((group) => new GroupSweep(group));
    this.tables = groups.flatMap((group) => group.projections.map((projection) => ({ group, projection })));
  }

  static async open({ database, log, pace, projections = cairns }: RowSweepOptions): Promise<RowSweep> {
    const generations = generationsIn(database);
    const there = await generations.all();
    const groups: OpenGroup[] = [];
    try {
      for (const group of groupsOf(projections))
        if (there.includes(group.generation)) groups.push(await opened(generations, group));
    } catch (error) {
      await closed(groups);
      throw error;
    }
    return new RowSweep(groups, log, pace);
  }

  /** Whether rows of a stream are in any of the groups. */
  concerns(stream: string): boolean {
    return this.sweeps.some((sweep) => sweep.concerns(stream));
  }

  /** Compares the rows of some streams, a hundred or so, and mends those that differ. */
  async compare(streams: readonly string[]): Promise<Swept> {
    const events = new StreamEvents(this.log, this.pace);
    const of: Record<Verdict, string[]> = { same: [], different: [], moving: [], parked: [] };
    const differences: Settled[] = [];
    for (const sweep of this.sweeps) {
      const own = streams.filter((stream) => sweep.concerns(stream));
      if (own.length === 0) continue;
      const found = await sweep.compare(own, events);
      for (const [stream, verdict] of found.verdicts) of[verdict].push(stream);
      differences.push(...found.differences);
    }
    return { compared: of.same.length + of.different.length, moving: of.moving, parked: of.parked, differences };
  }

  /**
   * The streams to which the next rows of the tables belong, so that rows are found which no stream explains.
   * @returns where to go on; undefined after the last row
   */
  async owners(
    most: number,
    { table, after }: RowCursor = FIRST_ROW,
  ): Promise<{ readonly streams: readonly string[]; readonly next: RowCursor | undefined }> {
    const one = this.tables[table];
    if (one === undefined) return { streams: [], next: undefined };
    const { entity, owner } = one.projection;
    const rows = await one.group.source.manager.find(entity, {
      select: { id: true, ...(owner.column === null ? {} : { [owner.column]: true }) },
      ...(after === undefined ? {} : { where: { id: MoreThan(after) } }),
      order: { id: 'ASC' },
      take: most,
    });
    const last = rows.at(-1);
    const next =
      rows.length < most || last === undefined ? { table: table + 1, after: undefined } : { table, after: last.id };
    return {
      streams: [...new Set(rows.map((row) => streamOf(owner, row)))],
      next: next.table < this.tables.length ? next : undefined,
    };
  }

  close(): Promise<void> {
    return closed(this.groups);
  }
}

async function opened(generations: Generations, group: Group): Promise<OpenGroup> {
  const { name, generation, projections, entities } = group;
  const source = await generations.openWriter(generation, entities);
  const store = new SqlRowStore(source, 'mark');
  const all = async (entity: EntityOf): Promise<readonly Row[]> => {
    const rows = await source.manager.find(entity, { select: { id: true } });
    return store.load(
      entity,
      rows.map(({ id }) => id),
    );
  };
  return { name, projections, store, all, source };
}

async function closed(groups: readonly OpenGroup[]): Promise<void> {
  for (const { source } of groups) await source.destroy();
}
