import { parseStream, streamName } from '@cairn/domain';
import type { EventStore, Position, RecordedEvent } from '@cairn/event-store';
import type { AnyProjection, OwnedBy, Row } from '../projection';
import { applyBatch } from '../runner/batch';
import { Folder } from '../runner/folder';
import { MemoryReadModel } from '../runner/memory-read-model';
import { positionText } from '../runner/position';
import type { EntityOf } from '../runner/row-store';
import { ParkedStreamRow } from '../runner/rows';
import { valueOf } from '../runner/value-of';
import { byKey } from './difference';

/** Streams are read so many at a time. */
const WIDTH = 8;

/** Waits as long as reading so many events has to cost. */
export type Pace = (events: number) => Promise<void>;

/** The events of streams as they are read from the log, each once. */
export class StreamEvents {
  private readonly read = new Map<string, RecordedEvent[]>();

  constructor(
    private readonly log: Pick<EventStore, 'read'>,
    private readonly pace: Pace = () => Promise.resolve(),
  ) {}

  of(stream: string): readonly RecordedEvent[] {
    return this.read.get(stream) ?? [];
  }

  /** Reads what has come since, of streams that others may end too. */
  async extend(streams: Iterable<string>): Promise<void> {
    const waiting = [...new Set(streams)];
    const work = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await this.extendOne(next);
    };
    await Promise.all(Array.from({ length: Math.min(WIDTH, waiting.length) }, work));
  }

  private async extendOne(stream: string): Promise<void> {
    const events = this.read.get(stream) ?? [];
    this.read.set(stream, events);
    const last = events.at(-1);
    let count = 0;
    for await (const event of this.log.read(stream, last === undefined ? 0n : last.revision + 1n)) {
      events.push(event);
      count += 1;
      if (count % 500 === 0) await this.pace(500);
    }
    await this.pace(count % 500);
  }
}

/** The stream whose events make a row. */
export const streamOf = (owner: OwnedBy, row: Row): string =>
  streamName({
    category: owner.category,
    id: owner.column === null ? owner.id : String(valueOf(row, owner.column)),
  });

/** The rows of one stream, as its events make them. */
export interface Made {
  readonly rows: ReadonlyMap<EntityOf, ReadonlyMap<string, Row>>;
  /** Why no row can be told; undefined where they can. */
  readonly stopped: string | undefined;
}

/** Folds single streams into the rows that belong to them. */
export class StreamFolds {
  private readonly byCategory = new Map<
    string,
    { readonly folder: Folder; readonly owned: readonly AnyProjection[] }
  >();

  /** @param projections of one group */
  constructor(private readonly projections: readonly AnyProjection[]) {}

  /** The projections whose rows belong to a stream. */
  owned(stream: string): readonly AnyProjection[] {
    return this.of(stream).owned;
  }

  /** Further streams whose events may end rows of this one. */
  endedBy(stream: string, events: readonly RecordedEvent[]): readonly string[] {
    const { folder, owned } = this.of(stream);
    if (owned.every((projection) => projection.endedBy === undefined)) return [];
    const names = events.flatMap((event) =>
      folder
        .tasks(event)
        .flatMap(({ event: projected, folds }) => folds.flatMap((projection) => projection.endedBy?.(projected) ?? [])),
    );
    return [...new Set(names.map(streamName))];
  }

  /** @param events of the stream and of those that may end its rows */
  async made(stream: string, events: readonly RecordedEvent[], upTo: Position): Promise<Made> {
    const { folder, owned } = this.of(stream);
    const model = new MemoryReadModel();
    const inOrder = events
      .filter(({ position }) => position <= upTo)
      .sort((a, b) => (a.position < b.position ? -1 : 1));
    await model.advance(null, positionText(upTo), async (rows) => {
      await applyBatch(
        inOrder.flatMap((event) => folder.tasks(event)),
        rows,
        new Set(),
      );
    });
    const rows = owned.map(({ entity }) => [entity, byKey(model.all(entity))] as const);
    return { rows: new Map(rows), stopped: model.get(ParkedStreamRow, stream)?.reason };
  }

  private of(stream: string): { readonly folder: Folder; readonly owned: readonly AnyProjection[] } {
    const category = parseStream(stream)?.category ?? '';
    const known = this.byCategory.get(category);
    if (known !== undefined) return known;
    const owned = this.projections.filter(({ owner }) => owner.category === category);
    const made = { folder: new Folder(owned), owned };
    this.byCategory.set(category, made);
    return made;
  }
}
