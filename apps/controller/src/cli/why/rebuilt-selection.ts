import {
  type Context,
  type Host,
  host,
  HOST_AGGREGATES,
  hostaggregates,
  instance,
  isPlacementRequest,
  type Message,
  NoValidHost,
  parseStream,
  type PlacementRequest,
  type Selection,
  streamName,
  upcast,
} from '@cairn/domain';
import type { EventStore, RecordedEvent } from '@cairn/event-store';
import { contextOf } from '../../runtime/event-metadata';
import { filtersOf } from '../../scheduler/filters';
import { NO_LOAD, viewOf } from '../../scheduler/host-view';
import { select } from '../../scheduler/select';
import type { SchedulerSettings } from '../../scheduler/settings';
import { weighersOf } from '../../scheduler/weighers';
import { wholeLog } from '../log-scan';

/**
 * The choice of a host as the settings of today would make it from what the log held then, for launches that kept no
 * record of theirs. Choices that were not claims yet are missing, and members of server groups.
 * @param events of the server.
 * @param choice one of them.
 * @returns undefined if the server did not wait for a host then.
 */
export async function rebuiltSelection(
  store: Pick<EventStore, 'subscribe'>,
  events: readonly RecordedEvent[],
  choice: RecordedEvent,
  settings: SchedulerSettings,
): Promise<Selection | undefined> {
  const request = requestBefore(events, choice);
  if (request === undefined) return undefined;
  const { hosts, groups } = await stateAt(store, choice);
  const known = { chosen: [], load: NO_LOAD, failures: 0 };
  const views = hosts.map((one) => viewOf(one, groups, known)).filter((view) => view !== null);
  const judges = { filters: filtersOf(settings), weighers: weighersOf(settings), subset: settings.hostSubsetSize };
  try {
    return select(views, request, judges).selection;
  } catch (error) {
    if (error instanceof NoValidHost) return error.selection;
    throw error;
  }
}

function requestBefore(events: readonly RecordedEvent[], choice: RecordedEvent): PlacementRequest | undefined {
  const before = events.filter(({ revision }) => revision < choice.revision);
  const state = before.reduce((at, event) => folded(instance, at, event), instance.initial);
  const place = instance.due?.(state).find(({ kind }) => kind === 'place');
  return place?.kind === 'place' && isPlacementRequest(place.request) ? place.request : undefined;
}

/** The hosts and their aggregates just before an event. */
async function stateAt(
  store: Pick<EventStore, 'subscribe'>,
  { id }: RecordedEvent,
): Promise<{ readonly hosts: readonly Host[]; readonly groups: typeof hostaggregates.initial }> {
  const hosts = new Map<string, Host>();
  let groups = hostaggregates.initial;
  for await (const event of wholeLog(store)) {
    if (event.id === id) break;
    if (parseStream(event.stream)?.category === host.category)
      hosts.set(event.stream, folded(host, hosts.get(event.stream) ?? host.initial, event));
    if (event.stream === streamName(HOST_AGGREGATES)) groups = folded(hostaggregates, groups, event);
  }
  return { hosts: [...hosts.values()], groups };
}

interface Fold<S> {
  evolve(state: S, event: Message, context: Context): S;
}

const folded = <S>(aggregate: Fold<S>, state: S, event: RecordedEvent): S =>
  aggregate.evolve(state, upcast({ type: event.type, data: event.data }), contextOf(event));
