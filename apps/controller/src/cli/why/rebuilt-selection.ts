import {
  type Host,
  host,
  HOST_AGGREGATES,
  hostaggregates,
  instance,
  isPlacementRequest,
  NoValidHost,
  parseStream,
  type PlacementRequest,
  type Selection,
  streamName,
} from '@cairn/domain';
import type { EventStore, RecordedEvent } from '@cairn/event-store';
import { filtersOf } from '../../scheduler/filters';
import { NO_LOAD, viewOf } from '../../scheduler/host-view';
import { select } from '../../scheduler/select';
import type { SchedulerSettings } from '../../scheduler/settings';
import { weighersOf } from '../../scheduler/weighers';
import { evolved, folded } from '../folded';
import { wholeLog } from '../log-scan';

/**
 * The choices of hosts as the settings of today would make them from what the log held then, for launches that kept no
 * record of theirs. Choices that were not claims yet are missing, and members of server groups.
 * @param events of the server.
 * @param choices some of them.
 * @returns selections by the ids of those, without those at which the server did not wait for a host.
 */
export async function rebuiltSelections(
  store: Pick<EventStore, 'subscribe'>,
  events: readonly RecordedEvent[],
  choices: readonly RecordedEvent[],
  settings: SchedulerSettings,
): Promise<ReadonlyMap<string, Selection>> {
  const requests = new Map<string, PlacementRequest>();
  for (const choice of choices) {
    const request = requestBefore(events, choice);
    if (request !== undefined) requests.set(choice.id, request);
  }
  const selections = new Map<string, Selection>();
  if (requests.size === 0) return selections;
  const hosts = new Map<string, Host>();
  let groups = hostaggregates.initial;
  for await (const event of wholeLog(store)) {
    const request = requests.get(event.id);
    if (request !== undefined) selections.set(event.id, selected([...hosts.values()], groups, request, settings));
    if (selections.size === requests.size) break;
    if (parseStream(event.stream)?.category === host.category)
      hosts.set(event.stream, evolved(host, event, hosts.get(event.stream)));
    if (event.stream === streamName(HOST_AGGREGATES)) groups = evolved(hostaggregates, event, groups);
  }
  return selections;
}

function selected(
  hosts: readonly Host[],
  groups: typeof hostaggregates.initial,
  request: PlacementRequest,
  settings: SchedulerSettings,
): Selection {
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
  const place = instance.due?.(folded(instance, before)).find(({ kind }) => kind === 'place');
  return place?.kind === 'place' && isPlacementRequest(place.request) ? place.request : undefined;
}
