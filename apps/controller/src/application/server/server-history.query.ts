import { Inject, Injectable } from '@nestjs/common';
import { type InstanceEvent, streamName, upcast, streamRef } from '@cairn/domain';
import type { EventStore, Position, RecordedEvent } from '@cairn/event-store';
import { type Projected, type ServerRow, servers } from '@cairn/projections';
import { EVENT_STORE } from '../core';
import { actionsOf, type ServerAction } from './server-actions';

/** Why an operation failed. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

interface Ended {
  /** Null: it did what was asked. */
  readonly failure: Failure | null;
  /** Rows that show the log so far show the end, too. */
  readonly position: Position;
}

/** Reads from a server's own stream instead of from its row. */
@Injectable()
export class ServerHistoryQuery {
  constructor(@Inject(EVENT_STORE) private readonly store: Pick<EventStore, 'read'>) {}

  /** The row as it will be once the read model has caught up; null if there is no such server. */
  async row(id: string): Promise<ServerRow | null> {
    let row: ServerRow | null = null;
    for await (const recorded of this.store.read(streamName(streamRef('instance', id)))) {
      const event = projected(id, recorded);
      if (Object.hasOwn(servers.types, event.type)) row = servers.apply(row, event, id, null);
    }
    return row;
  }

  /** How an operation has ended that is over. */
  async endOf(id: string, operationId: string): Promise<Ended> {
    let last = 0n;
    for await (const { type, data, position } of this.store.read(streamName(streamRef('instance', id)))) {
      last = position;
      if (type !== 'instance.operation-failed.v1' || data['operationId'] !== operationId) continue;
      return { failure: { code: String(data['code']), message: String(data['message']) }, position };
    }
    return { failure: null, position: last };
  }

  /** The actions on a server, with actor and outcome; the oldest first. */
  async actions(id: string): Promise<readonly ServerAction[]> {
    const events: RecordedEvent[] = [];
    for await (const event of this.store.read(streamName(streamRef('instance', id)))) events.push(event);
    return actionsOf(events);
  }
}

function projected(streamId: string, recorded: RecordedEvent): Parameters<typeof servers.apply>[1] {
  const { type, data } = upcast({ type: recorded.type, data: recorded.data });
  const at = String(recorded.metadata['at']);
  const position = recorded.position.toString().padStart(20, '0');
  return { type, data, streamId, at, position } as unknown as Projected<
    Parameters<typeof servers.apply>[1] & InstanceEvent
  >;
}
