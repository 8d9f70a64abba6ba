import { mkdir } from 'node:fs/promises';
import type { EventStore, Position } from '@cairn/event-store';
import type { DataSource, EntityManager } from 'typeorm';
import { ReadModelNotReady } from './errors';
import type { AnyProjection, Row } from './projection';
import { projections as cairns } from './projections';
import type { ReadModel, RunnerLog, Timer } from './read-model';
import { isDamaged, openReader, openWriter } from './runner/database';
import { fileOf, generationOf, otherGenerations, removeFile } from './runner/generation';
import { positionOf } from './runner/position';
import type { EntityOf } from './runner/row-store';
import { ReadModelRunner } from './runner/runner';
import { Served } from './runner/served';
import { SqlRowStore } from './runner/sql-row-store';

export interface ReadModelOptions {
  /** Where the databases are, one file a generation. Made when missing; deleting it loses nothing. */
  readonly directory: string;
  readonly log: Pick<EventStore, 'head' | 'subscribe'>;
  readonly timer: Timer;
  readonly logger: RunnerLog;
  /** Called after each batch is committed, with the position that the rows then show. */
  readonly onApplied?: (position: Position) => void;
  /** Events in one transaction, at most; 1,000 unless told otherwise. */
  readonly batchSize?: number;
  /** All of Cairn's, unless told otherwise. */
  readonly projections?: readonly AnyProjection[];
}

/**
 * Opens the read models and begins to follow the log. While this build's generation is being made for the first time,
 * that of the build before answers, where its tables still have the shape that is read; it is deleted afterwards.
 */
export async function openReadModel(options: ReadModelOptions): Promise<ReadModel> {
  const { directory, projections = cairns, logger } = options;
  await mkdir(directory, { recursive: true });
  const generation = generationOf(projections);
  const file = fileOf(directory, generation);
  const writer = await openWriter(file).catch(async (error: unknown) => {
    if (!isDamaged(error)) throw error;
    logger.error('read model: the database is damaged, building it anew', { file, error: String(error) });
    await removeFile(file);
    return openWriter(file);
  });
  const store = new SqlRowStore(writer);
  const { built } = await store.checkpoint();
  const before = built ? undefined : await generationBefore(directory, generation);
  if (before !== undefined) logger.info('read model: the generation before answers meanwhile', { generation });
  return new SqliteReadModel(options, { directory, generation, file, writer, store, before });
}

/** A generation of an earlier build that can answer: complete, and with every column that is asked for. */
async function generationBefore(directory: string, generation: string): Promise<Before | undefined> {
  for (const other of await otherGenerations(directory, generation)) {
    const source = await openReader(fileOf(directory, other)).catch(() => undefined);
    if (source === undefined) continue;
    const upTo = await answersUpTo(source).catch(() => null);
    if (upTo !== null) return { served: new Served(source), upTo };
    await source.destroy();
  }
  return undefined;
}

/** The position that a database shows; null when it is not complete. Throws when a table or column is missing. */
async function answersUpTo(source: DataSource): Promise<Position | null> {
  const { built, position } = await new SqlRowStore(source).checkpoint();
  if (!built) return null;
  for (const { target } of source.entityMetadatas) await source.manager.find(target, { take: 1 });
  return position === null ? 0n : positionOf(position);
}

interface Before {
  readonly served: Served;
  /** It is no longer moved on: this is what it shows. */
  readonly upTo: Position;
}

interface Parts {
  readonly directory: string;
  readonly generation: string;
  readonly file: string;
  readonly writer: DataSource;
  readonly store: SqlRowStore;
  readonly before: Before | undefined;
}

class SqliteReadModel implements ReadModel {
  private readonly runner: ReadModelRunner;
  private before: Before | undefined;
  private own: Served | undefined;
  private cleaning: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: ReadModelOptions,
    private readonly parts: Parts,
  ) {
    this.before = parts.before;
    this.runner = new ReadModelRunner({
      ...options,
      store: parts.store,
      onCaughtUp: () => this.takeOver(),
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

  async read<T>(queries: (rows: EntityManager) => Promise<T>): Promise<T> {
    return this.served().read(queries);
  }

  async rowsWith<R extends Row>(entity: EntityOf<R>, values: Partial<R>): Promise<readonly R[]> {
    return this.served().rowsWith(entity, values);
  }

  private served(): Served {
    const served = this.own ?? this.before?.served;
    if (served === undefined || !this.isReady()) throw new ReadModelNotReady(this.failure?.message);
    return served;
  }

  waitFor(position: Position, timeoutMs: number): Promise<boolean> {
    if (this.before !== undefined) return Promise.resolve(position <= this.before.upTo);
    return this.runner.waitFor(position, timeoutMs);
  }

  async close(): Promise<void> {
    await this.runner.stop();
    const served = [this.own, this.before?.served];
    [this.own, this.before] = [undefined, undefined];
    await this.cleaning;
    for (const each of served) await each?.retire();
    await this.parts.writer.destroy();
  }

  /** From now on this generation answers; what is left of others goes when nobody reads it any more. */
  private async takeOver(): Promise<void> {
    if (this.own !== undefined) return;
    this.own = new Served(await openReader(this.parts.file));
    const { before } = this;
    this.before = undefined;
    this.cleaning = this.cleanUp(before?.served).catch((error: unknown) => {
      this.options.logger.error('read model: old generations could not be deleted', { error: String(error) });
    });
  }

  private async cleanUp(old: Served | undefined): Promise<void> {
    const { directory, generation } = this.parts;
    await old?.retire();
    for (const other of await otherGenerations(directory, generation)) await removeFile(fileOf(directory, other));
  }
}
