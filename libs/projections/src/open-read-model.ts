import type { EventStore, Position } from '@cairn/event-store';
import type { DataSource, EntityManager } from 'typeorm';
import type { ReadModelDatabase } from './database/database';
import { type Generations, generationsIn } from './database/generations';
import { ReadModelNotReady } from './errors';
import type { AnyProjection, Row } from './projection';
import { projections as cairns } from './projections';
import type { ReadModel, RunnerLog, Timer } from './read-model';
import { BuildingRowStore } from './runner/building-row-store';
import { generationOf } from './runner/generation';
import { positionOf } from './runner/position';
import type { EntityOf } from './runner/row-store';
import { LogHistoryRow } from './runner/rows';
import { ReadModelRunner } from './runner/runner';
import { Served } from './runner/served';
import { SqlRowStore } from './runner/sql-row-store';

export interface ReadModelOptions {
  readonly database: ReadModelDatabase;
  readonly log: Pick<EventStore, 'head' | 'history' | 'subscribe'>;
  readonly timer: Timer;
  readonly logger: RunnerLog;
  /** Called after each batch is committed, with the position that the rows then show. */
  readonly onApplied?: (position: Position) => void;
  /** Events in one transaction, at most; 4,000 unless told otherwise. */
  readonly batchSize?: number;
  /** All of Cairn's, unless told otherwise. */
  readonly projections?: readonly AnyProjection[];
}

/**
 * Opens the read models and begins to follow the log. While this build's generation is being made for the first time,
 * that of the build before answers, where its tables still have the shape that is read; it is deleted afterwards.
 */
export async function openReadModel(options: ReadModelOptions): Promise<ReadModel> {
  const { database, projections = cairns, logger } = options;
  const generations = generationsIn(database);
  const generation = generationOf(projections);
  const writer = await sound(generations, generation).catch(async (error: unknown) => {
    if (!generations.isDamage(error)) throw error;
    logger.error('read model: the database is damaged, building it anew', { generation, error: String(error) });
    await generations.remove(generation);
    return generations.openWriter(generation);
  });
  const store = new SqlRowStore(writer);
  const { built } = await store.checkpoint();
  const before = built ? undefined : await generationBefore(generations, generation);
  if (before !== undefined) logger.info('read model: the generation before answers meanwhile', { generation });
  return new GenerationalReadModel(options, { generations, generation, writer, store, before });
}

/** Forgets all that a database holds of read models; what another process uses stays. */
export async function dropReadModels(database: ReadModelDatabase): Promise<void> {
  const generations = generationsIn(database);
  for (const each of await generations.others('')) await generations.remove(each);
}

/** A writer of tables that are all there. */
async function sound(generations: Generations, generation: string): Promise<DataSource> {
  const writer = await generations.openWriter(generation);
  try {
    await answersUpTo(writer);
    return writer;
  } catch (error) {
    await writer.destroy();
    throw error;
  }
}

/** A generation of an earlier build that can answer: complete, and with every column that is asked for. */
async function generationBefore(generations: Generations, generation: string): Promise<Before | undefined> {
  for (const other of await generations.others(generation)) {
    const source = await generations.openReader(other).catch(() => undefined);
    if (source === undefined) continue;
    const upTo = await answersUpTo(source).catch(() => null);
    const history = await new SqlRowStore(source).history().catch(() => undefined);
    if (upTo !== null) return { served: new Served(source), upTo, history };
    await source.destroy();
  }
  return undefined;
}

/** The position that a database shows; null when it is not complete. Throws when a table or column is missing. */
async function answersUpTo(source: DataSource): Promise<Position | null> {
  const { built, position } = await new SqlRowStore(source).checkpoint();
  for (const { target } of source.entityMetadatas) {
    // No query asks for it, and a generation of 0.1.0 has no such table.
    if (target !== LogHistoryRow) await source.manager.find(target, { take: 1 });
  }
  if (!built) return null;
  return position === null ? 0n : positionOf(position);
}

interface Before {
  readonly served: Served;
  /** It is no longer moved on: this is what it shows. */
  readonly upTo: Position;
  /** What it was folded from; undefined where it cannot say. */
  readonly history: string | null | undefined;
}

interface Parts {
  readonly generations: Generations;
  readonly generation: string;
  readonly writer: DataSource;
  readonly store: SqlRowStore;
  readonly before: Before | undefined;
}

class GenerationalReadModel implements ReadModel {
  private readonly runner: ReadModelRunner;
  private before: Before | undefined;
  private own: Served | undefined;
  private cleaning: Promise<void> = Promise.resolve();
  private closed: Promise<void> | undefined;

  constructor(
    private readonly options: ReadModelOptions,
    private readonly parts: Parts,
  ) {
    this.before = parts.before;
    this.runner = new ReadModelRunner({
      ...options,
      store: new BuildingRowStore(parts.store),
      onCaughtUp: () => this.takeOver(),
      onHistory: (history) => {
        this.refuseOther(history);
      },
    });
    this.runner.start();
  }

  get position(): Position | undefined {
    return this.before === undefined ? this.runner.position : this.before.upTo;
  }

  get failure(): Error | undefined {
    return this.runner.failure;
  }

  isReady(): boolean {
    return this.runner.isReady() || (this.before !== undefined && this.failure === undefined);
  }

  read<T>(queries: (rows: EntityManager) => Promise<T>): Promise<T> {
    return this.answered((served) => served.read(queries));
  }

  rowsWith<R extends Row>(entity: EntityOf<R>, values: Partial<R>): Promise<readonly R[]> {
    return this.answered((served) => served.rowsWith(entity, values));
  }

  private async answered<T>(question: (served: Served) => Promise<T>): Promise<T> {
    const served = this.own ?? this.before?.served;
    if (served === undefined || !this.isReady()) throw new ReadModelNotReady(this.failure?.message);
    try {
      return await question(served);
    } catch (error) {
      if (!this.parts.generations.isOutage(error)) throw error;
      throw new ReadModelNotReady('the database of the read models does not answer', { cause: error });
    }
  }

  waitFor(position: Position, timeoutMs: number): Promise<boolean> {
    if (this.before !== undefined) return Promise.resolve(position <= this.before.upTo);
    return this.runner.waitFor(position, timeoutMs);
  }

  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  private async end(): Promise<void> {
    await this.runner.stop();
    const served = [this.own, this.before?.served];
    [this.own, this.before] = [undefined, undefined];
    await this.cleaning;
    for (const each of served) await each?.retire();
    await this.parts.writer.destroy();
  }

  /** What was folded from another history does not answer, not even meanwhile. */
  private refuseOther(history: string | null): void {
    const { before } = this;
    if (before?.history === undefined || before.history === history) return;
    this.before = undefined;
    this.cleaning = before.served.retire();
  }

  /** From now on this generation answers; what is left of others goes when nobody reads it any more. */
  private async takeOver(): Promise<void> {
    if (this.own !== undefined) return;
    const { generations, generation } = this.parts;
    this.own = new Served(await generations.openReader(generation));
    const { before } = this;
    this.before = undefined;
    this.cleaning = this.cleaning
      .then(() => this.cleanUp(before?.served))
      .catch((error: unknown) => {
        this.options.logger.error('read model: old generations could not be deleted', { error: String(error) });
      });
  }

  private async cleanUp(old: Served | undefined): Promise<void> {
    const { generations, generation } = this.parts;
    await old?.retire();
    for (const other of await generations.others(generation)) {
      const gone = await generations.remove(other);
      if (!gone) this.options.logger.info('read model: another controller still reads a generation', { other });
    }
  }
}
