import { aggregateOf, eventCatalogue, parseStream, upcast } from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';
import { UnknownEvent } from '../errors';
import type { AnyProjection, Projected } from '../projection';
import { positionText } from './position';

/** A domain event with the projections of one group that fold it. */
export interface Task {
  readonly group: string;
  readonly stream: string;
  readonly event: Projected;
  readonly folds: readonly AnyProjection[];
}

interface Folds {
  readonly group: string;
  readonly folds: AnyProjection[];
}

/** Tells which projections an event of the log is for. */
export class Folder {
  private readonly byType = new Map<string, Folds[]>();

  constructor(projections: readonly AnyProjection[]) {
    for (const projection of projections)
      for (const type of Object.keys(projection.types)) this.of(type, projection.group).push(projection);
  }

  /**
   * What is to be done for an event: nothing for streams that are not the domain's and events that no row shows.
   * @throws UnknownEvent for a type in a domain stream that this build does not know.
   */
  tasks(recorded: RecordedEvent): readonly Task[] {
    // Of an event that is for none no more is asked: a log may make the rest of it only then (an export's does).
    const { stream, type } = recorded;
    const ref = parseStream(stream);
    if (ref === undefined || aggregateOf(ref.category) === undefined) return [];
    const known = eventCatalogue.get(type);
    if (known === undefined) throw new UnknownEvent(stream, type, recorded.position);
    const folds = this.byType.get(known.type);
    if (folds === undefined) return [];
    const { position, data, metadata } = recorded;
    const { at } = metadata;
    const fact = { streamId: ref.id, at: typeof at === 'string' ? at : '', position: positionText(position) };
    const event = { ...(known.type === type ? { type, data } : upcast({ type, data })), ...fact };
    return folds.map((of) => ({ stream, event: event as unknown as Projected, ...of }));
  }

  private of(type: string, group: string): AnyProjection[] {
    const groups = this.byType.get(type) ?? [];
    this.byType.set(type, groups);
    const known = groups.find((one) => one.group === group);
    if (known !== undefined) return known.folds;
    const folds: AnyProjection[] = [];
    groups.push({ group, folds });
    return folds;
  }
}
