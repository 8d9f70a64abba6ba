import type { AnyProjection, Projected, Row, Selection } from '../projection';
import type { Task } from './folder';
import { Overlay } from './overlay';
import type { EntityOf, RowTransaction } from './row-store';
import { parkedRow, type ParkedStreamRow } from './rows';

/** What one projection needs for one event, worked out before anything is read. */
interface Step {
  readonly projection: AnyProjection;
  readonly keys: readonly string[];
  readonly selection: Selection | null;
  readonly relatedKey: string | null;
}

interface Change {
  readonly entity: EntityOf;
  readonly key: string;
  readonly row: Row | null;
}

/**
 * Applies events, in order, to the rows: one bulk read, folds in memory, one bulk write. A projector that throws parks
 * the event's stream: nothing of that event or of later ones of its stream is applied; everything else is.
 * @param parked streams that were parked before.
 * @returns the streams that were parked now.
 */
export async function applyBatch(
  tasks: readonly Task[],
  rows: RowTransaction,
  parked: ReadonlySet<string>,
): Promise<readonly ParkedStreamRow[]> {
  const batch = new Batch();
  const planned = tasks.filter(({ stream }) => !parked.has(stream)).map((task) => ({ task, steps: batch.plan(task) }));
  await batch.overlay.load(rows);
  for (const { task, steps } of planned) batch.apply(task, steps);
  await batch.overlay.write(rows);
  const stopped = [...batch.parked.values()];
  if (stopped.length > 0) await rows.park(stopped);
  return stopped;
}

class Batch {
  readonly overlay = new Overlay();
  readonly parked = new Map<string, ParkedStreamRow>();

  plan(task: Task): readonly Step[] {
    return task.folds.flatMap((projection) => this.guarded(task, projection, () => this.step(projection, task.event)));
  }

  private step(projection: AnyProjection, event: Projected): readonly Step[] {
    if (event.at === '') throw new Error('the event has no time in its metadata');
    const table = this.overlay.of(projection.entity);
    const keys = projection.keys(event);
    for (const key of keys) table.want(key);
    const selection = projection.select?.(event) ?? null;
    if (selection !== null) table.select(selection);
    const { related } = projection;
    const relatedKey = related?.key(event) ?? null;
    if (related !== undefined && relatedKey !== null) this.overlay.of(related.entity).want(relatedKey);
    return [{ projection, keys, selection, relatedKey }];
  }

  /** All changes of an event or none; each fold sees the rows as they were before the event. */
  apply(task: Task, steps: readonly Step[]): void {
    const changes = steps.flatMap((step) => this.guarded(task, step.projection, () => this.folded(task.event, step)));
    if (this.parked.has(task.stream)) return;
    for (const { entity, key, row } of changes) this.overlay.of(entity).put(key, row);
  }

  private folded(event: Projected, { projection, keys, selection, relatedKey }: Step): readonly Change[] {
    const { entity, related } = projection;
    const table = this.overlay.of(entity);
    const other = related === undefined || relatedKey === null ? null : this.overlay.of(related.entity).get(relatedKey);
    const all = selection === null ? keys : new Set([...keys, ...table.keysWhere(selection)]);
    const changes: Change[] = [];
    for (const key of all) {
      const before = table.get(key);
      const row = projection.apply(before, event, key, other);
      if (row !== before) changes.push({ entity, key, row });
    }
    return changes;
  }

  /** Nothing for a stream that is parked, now or by this work. */
  private guarded<T>({ stream, event }: Task, { name }: AnyProjection, work: () => readonly T[]): readonly T[] {
    if (this.parked.has(stream)) return [];
    try {
      return work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const { type, position, at } = event;
      this.parked.set(stream, parkedRow({ id: stream, position, eventType: type, projection: name, reason, at }));
      return [];
    }
  }
}
