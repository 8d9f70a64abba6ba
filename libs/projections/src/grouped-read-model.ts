import type { Position } from '@cairn/event-store';
import { type EntityManager, EntityMetadataNotFoundError } from 'typeorm';
import type { Generations } from './database/generations';
import { ReadModelNotReady } from './errors';
import type { Before, OpenGroup } from './open-group';
import type { ReadModelOptions } from './open-read-model';
import type { Row } from './projection';
import type { ReadModel } from './read-model';
import { BuildingRowStore, HeldRows } from './runner/building-row-store';
import type { GroupRows } from './runner/group-writer';
import type { EntityOf } from './runner/row-store';
import { ReadModelRunner } from './runner/runner';
import { Served } from './runner/served';

/** One group with what answers for it. */
interface Member extends OpenGroup {
  readonly rows: GroupRows;
  before: Before | undefined;
  /** Whether this build's generation has caught up, so that it answers. */
  caughtUp: boolean;
}

/** Groups on one subscription. */
interface Following {
  readonly members: readonly Member[];
  readonly runner: ReadModelRunner;
}

/**
 * The groups behind one façade. Groups that are built follow the log on one subscription. Those that are not have one of
 * their own until they have caught up, so that the others need not wait for them; then they join the first.
 */
export class GroupedReadModel implements ReadModel {
  private following: readonly Following[];
  private readonly members: readonly Member[];
  private served: Served | undefined;
  /** Changes of what answers, one after the other. */
  private serving: Promise<void> = Promise.resolve();
  private cleaning: Promise<void> = Promise.resolve();
  private joining: Promise<void> = Promise.resolve();
  private closed: Promise<void> | undefined;

  constructor(
    private readonly options: ReadModelOptions,
    private readonly generations: Generations,
    groups: readonly OpenGroup[],
    private readonly onError: (error: unknown) => void,
  ) {
    const held = new HeldRows();
    this.members = groups.map((open) => ({
      ...open,
      rows: { projections: open.group.projections, store: new BuildingRowStore(open.store, held) },
      caughtUp: false,
    }));
    const sides = [this.members.filter(({ built }) => built), this.members.filter(({ built }) => !built)];
    this.following = sides.filter((side) => side.length > 0).map((members) => this.follow(members));
  }

  async start(): Promise<void> {
    await this.serve();
    for (const { runner } of this.following) runner.start();
  }

  get position(): Position | undefined {
    const shown = [
      ...this.following.filter(({ members }) => !isAnsweredBefore(members)).map(({ runner }) => runner.position),
      ...this.members.flatMap(({ before }) => (before === undefined ? [] : [before.upTo])),
    ];
    return shown.reduce((least, one) =>
      least === undefined || one === undefined ? undefined : one < least ? one : least,
    );
  }

  get failure(): Error | undefined {
    return this.following.map(({ runner }) => runner.failure).find((failure) => failure !== undefined);
  }

  isReady(): boolean {
    return this.failure === undefined && this.members.every(answers);
  }

  read<T>(queries: (rows: EntityManager) => Promise<T>): Promise<T> {
    return this.answered((served) => served.read(queries));
  }

  rowsWith<R extends Row>(entity: EntityOf<R>, values: Partial<R>): Promise<readonly R[]> {
    return this.answered((served) => served.rowsWith(entity, values));
  }

  private async answered<T>(question: (served: Served) => Promise<T>): Promise<T> {
    const { served, failure } = this;
    if (served === undefined || failure !== undefined) throw new ReadModelNotReady(failure?.message);
    try {
      return await question(served);
    } catch (error) {
      this.onError(error);
      // the tables of a group that does not answer yet are not among those that are served
      if (error instanceof EntityMetadataNotFoundError && !this.isReady()) throw new ReadModelNotReady();
      if (!this.generations.isOutage(error) && !this.generations.isDamage(error)) throw error;
      throw new ReadModelNotReady('the database of the read models does not answer, or is damaged', { cause: error });
    }
  }

  async waitFor(position: Position, timeoutMs: number, groups?: readonly string[]): Promise<boolean> {
    const isAsked = ({ group }: Member): boolean => groups?.includes(group.name) ?? true;
    if (this.members.some((one) => isAsked(one) && one.before !== undefined && one.before.upTo < position))
      return false;
    const runners = this.following.filter(({ members }) =>
      members.some((one) => isAsked(one) && one.before === undefined),
    );
    const reached = await Promise.all(runners.map(({ runner }) => runner.waitFor(position, timeoutMs)));
    return reached.every(Boolean);
  }

  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  private async end(): Promise<void> {
    await this.joining;
    for (const { runner } of this.following) await runner.stop();
    await this.serving;
    const { served } = this;
    this.served = undefined;
    await this.cleaning;
    await served?.retire();
    for (const { writer, before } of this.members) for (const each of [writer, before?.source]) await each?.destroy();
  }

  private follow(members: readonly Member[]): Following {
    const { log, timer, logger, batchSize, onResumed } = this.options;
    const runner = new ReadModelRunner({
      log,
      timer,
      logger,
      ...(batchSize === undefined ? {} : { batchSize }),
      groups: members.map(({ rows }) => rows),
      onError: this.onError,
      ...(onResumed === undefined ? {} : { onResumed }),
      onCaughtUp: () => this.takeOver(members),
      onHistory: (history, startedOver) => this.refuseOther(members, history, startedOver),
    });
    return { members, runner };
  }

  /** From now on these groups answer from this build's generations; older ones go when nobody reads them. */
  private async takeOver(members: readonly Member[]): Promise<void> {
    if (members.every(({ caughtUp }) => caughtUp)) return;
    const before = members.flatMap((member) => member.before ?? []);
    await this.serve(members);
    this.clean(() => this.cleanUp(before));
    this.joining = this.joining.then(() => this.join(members));
  }

  /** Groups that have caught up leave their own subscription for that of the others. */
  private async join(members: readonly Member[]): Promise<void> {
    const [first, ...others] = this.following;
    const own = others.find((following) => following.members === members);
    if (first === undefined || own === undefined) return;
    await own.runner.stop();
    first.runner.join(
      members.map(({ rows }) => rows),
      own.runner.position,
    );
    this.following = [{ runner: first.runner, members: [...first.members, ...members] }];
  }

  /** Rows of another history do not answer, not even during a rebuild. */
  private async refuseOther(members: readonly Member[], history: string | null, startedOver: boolean): Promise<void> {
    if (startedOver) for (const member of members) member.caughtUp = false;
    const refused = members.flatMap((member) => {
      const { before } = member;
      if (before?.history === undefined || before.history === history) return [];
      member.before = undefined;
      return [before];
    });
    if (!startedOver && refused.length === 0) return;
    this.serveNothing();
    await this.serve();
    this.clean(() => this.release(refused));
  }

  /**
   * Answers from now on from what the groups have; groups that have nothing do not answer.
   * @param caughtUp groups whose own generations answer from now on
   */
  private serve(caughtUp: readonly Member[] = []): Promise<void> {
    const serving = this.serving.then(async () => {
      const isOwn = (one: Member): boolean => one.caughtUp || caughtUp.includes(one);
      const own = this.members.filter(isOwn).map(({ group }) => group.generation);
      const before = this.members.flatMap((one) => (isOwn(one) ? [] : (one.before?.generation ?? [])));
      const tables = this.members.filter((one) => isOwn(one) || one.before !== undefined);
      const generations = [...new Set([...own, ...before])]; // own first: an old one may hold tables of the same names
      const entities = tables.flatMap(({ group }) => group.entities);
      const next = generations.length === 0 ? undefined : await this.generations.openReader(generations, entities);
      this.serveNothing();
      for (const one of caughtUp) [one.caughtUp, one.before] = [true, undefined];
      this.served = next && new Served(next);
    });
    // who asked for this change hears of its error; the next one is tried all the same
    this.serving = serving.catch(() => undefined);
    return serving;
  }

  private serveNothing(): void {
    const { served } = this;
    this.served = undefined;
    if (served !== undefined) this.clean(() => served.retire());
  }

  /** Lets go of what answers no more, after what is let go of already. */
  private clean(work: () => Promise<void>): void {
    this.cleaning = this.cleaning.then(work).catch((error: unknown) => {
      this.options.logger.error('read model: what answers no more could not be let go of', { error: String(error) });
    });
  }

  private async cleanUp(before: readonly Before[]): Promise<void> {
    await this.release(before);
    const used = new Set(this.members.flatMap(({ group, before: other }) => [group.generation, other?.generation]));
    for (const other of await this.generations.all()) {
      if (used.has(other) || (await this.generations.remove(other))) continue;
      this.options.logger.info('read model: another controller still reads a generation', { other });
    }
  }

  private async release(before: readonly Before[]): Promise<void> {
    for (const { source } of before) await source.destroy();
  }
}

const isAnsweredBefore = (members: readonly Member[]): boolean => members.every(({ before }) => before !== undefined);

const answers = ({ caughtUp, before }: Member): boolean => caughtUp || before !== undefined;
