import { deriveId, type DomainEvent, type Instant } from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';
import { applyBatch } from '../runner/batch';
import { Folder } from '../runner/folder';
import { MemoryReadModel } from '../runner/memory-read-model';
import { positionText } from '../runner/position';
import type { AnyProjection } from '../projection';
import { projections } from '../projections';

const STRIDE = 64n;

/** When the n-th event of a timeline happened, from 1: a minute after the one before. */
export const at = (n: number): Instant => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();

/** Where the n-th event of a timeline stands in the log, from 1. */
export const position = (n: number): bigint => BigInt(n) * STRIDE;

/** Events of any streams as the log holds them, one a minute. */
export function timeline(...entries: readonly (readonly [stream: string, event: DomainEvent])[]): RecordedEvent[] {
  return entries.map(([stream, event], i) => recorded(stream, event, i + 1));
}

/** One event as the log holds it, also of a type that nobody knows. */
export function recorded(stream: string, event: { type: string; data: object }, n: number): RecordedEvent {
  return {
    id: deriveId('timeline', n),
    stream,
    revision: BigInt(n),
    position: position(n),
    type: event.type,
    data: structuredClone(event.data) as Readonly<Record<string, unknown>>,
    metadata: { at: at(n) },
    created: at(n),
  };
}

/** The rows after these events, folded in batches of a size: the size must not matter. */
export async function rowsAfter(
  events: readonly RecordedEvent[],
  batchSize = events.length,
  folds: readonly AnyProjection[] = projections,
): Promise<MemoryReadModel> {
  const model = new MemoryReadModel();
  const folder = new Folder(folds);
  for (let from = 0; from < events.length; from += batchSize) {
    const batch = events.slice(from, from + batchSize);
    const { position: before, parked } = await model.checkpoint();
    await model.advance(before, positionText(batch.at(-1)?.position ?? 0n), async (rows) => {
      await applyBatch(
        batch.flatMap((event) => folder.tasks(event)),
        rows,
        parked,
      );
    });
  }
  return model;
}
