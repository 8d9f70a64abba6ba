import type { Position } from '@cairn/event-store';
import type { EntityManager } from 'typeorm';
import type { Generations } from './database/generations';
import { ReadModelNotReady } from './errors';
import { putAsideDamaged } from './open-group';
import type { Row } from './projection';
import type { ReadModel, RunnerLog, Timer } from './read-model';
import type { Group } from './runner/generation';
import type { EntityOf } from './runner/row-store';

const RETRY_MS = { first: 100, most: 5_000 };

export interface MendingParts {
  readonly generations: Generations;
  readonly groups: readonly Group[];
  readonly timer: Timer;
  readonly logger: RunnerLog;
  readonly onResumed?: (() => void) | undefined;
  /** Opens what the database holds. @param onError is told of every error that the database has answered with */
  open(onError: (error: unknown) => void): Promise<ReadModel>;
}

/**
 * Read models whose database may be damaged while they are used. They are closed then, the groups that are not sound are put
 * aside, and all are opened again: those are built from the log, and the others go on where they were. Meanwhile nothing
 * is answered rather than something wrong.
 */
export class MendingReadModel implements ReadModel {
  private current: ReadModel | undefined;
  private mending: Promise<void> | undefined;
  private readonly closing = new AbortController();

  private constructor(private readonly parts: MendingParts) {}

  /** @throws what the first opening throws */
  static async open(parts: MendingParts): Promise<MendingReadModel> {
    const model = new MendingReadModel(parts);
    await model.ensureDatabase();
    model.current = await model.opened();
    return model;
  }

  get position(): Position | undefined {
    return this.current?.position;
  }

  get failure(): Error | undefined {
    return this.current?.failure;
  }

  isReady(): boolean {
    return this.current?.isReady() ?? false;
  }

  async read<T>(queries: (rows: EntityManager) => Promise<T>): Promise<T> {
    return this.answering().read(queries);
  }

  async rowsWith<R extends Row>(entity: EntityOf<R>, values: Partial<R>): Promise<readonly R[]> {
    return this.answering().rowsWith(entity, values);
  }

  async waitFor(position: Position, timeoutMs: number, groups?: readonly string[]): Promise<boolean> {
    return (await this.current?.waitFor(position, timeoutMs, groups)) ?? false;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.mending;
    await this.current?.close();
  }

  private answering(): ReadModel {
    if (this.current === undefined) throw new ReadModelNotReady('the read models were damaged and are opened again');
    return this.current;
  }

  private opened(): Promise<ReadModel> {
    return this.parts.open((error) => {
      if (this.parts.generations.isDamage(error)) this.mend(error);
    });
  }

  private mend(error: unknown): void {
    const { current } = this;
    if (current === undefined || this.closing.signal.aborted) return; // it is being mended, or not worth it any more
    this.current = undefined;
    this.parts.logger.error('read model: the database is damaged', { error: String(error) });
    this.mending = this.openAgain(current);
  }

  private async openAgain(damaged: ReadModel): Promise<void> {
    const { timer, logger } = this.parts;
    await damaged.close().catch(() => undefined);
    let examined = false;
    let told: string | undefined;
    for (let wait = RETRY_MS.first; !this.closing.signal.aborted; wait = Math.min(2 * wait, RETRY_MS.most)) {
      // also before the first try: a disk that damages everything must not keep this process busy
      await timer.sleep(wait, this.closing.signal);
      try {
        await this.ensureDatabase();
        if (!examined) await this.putUnsoundAside();
        examined = true;
        this.current = await this.opened();
        this.parts.onResumed?.();
        return;
      } catch (error) {
        if (told !== String(error)) {
          told = String(error);
          logger.error('read model: cannot be opened, tried again until it can', { error: told });
          logger.notice?.(`the read models cannot be opened, which is tried again until they can: ${told}`);
        }
      }
    }
  }

  private async ensureDatabase(): Promise<void> {
    const { generations, logger } = this.parts;
    const missing = await generations.ensureDatabase();
    if (missing === undefined) return;
    logger.error('read model: the database is made, building all again', { error: missing });
    logger.notice?.(`${missing}: it is made, and the read models are built from the log`);
  }

  private async putUnsoundAside(): Promise<void> {
    const { generations, groups, logger } = this.parts;
    const there = await generations.all();
    for (const group of groups.filter(({ generation }) => there.includes(generation))) {
      const why = await generations.unsound(group.generation, group.entities);
      if (why !== undefined) await putAsideDamaged(generations, group, why, logger);
    }
  }
}
