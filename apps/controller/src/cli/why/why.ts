import { type Message, type Selection, upcast } from '@cairn/domain';
import type { EventStore, RecordedEvent } from '@cairn/event-store';
import type { ControllerConfig } from '../../config';
import { connectStore } from '../../connect-store';
import type { SchedulerSettings } from '../../scheduler/settings';
import { serverInLog } from '../server-in-log';
import { type Choice, explained } from './explain';
import { rebuiltSelections } from './rebuilt-selection';

/** Prints for each search for a host which hosts there were, which filter excluded which, and why the chosen one won. */
export async function why(config: ControllerConfig, server: string | undefined): Promise<number> {
  if (server === undefined) throw new Error('why needs the id or the name of a server');
  const store = connectStore(config);
  try {
    const { id, events } = await serverInLog(store, server);
    const choices = await choicesOf(store, events, config.scheduler);
    const told = choices.length === 0 ? ['no host was looked for yet'] : choices.map(explained);
    process.stdout.write(`server ${id}\n${told.join('\n')}\n`);
    return 0;
  } finally {
    await store.close();
  }
}

/** @param events of one server. */
export async function choicesOf(
  store: Pick<EventStore, 'subscribe'>,
  events: readonly RecordedEvent[],
  settings: SchedulerSettings,
): Promise<readonly Choice[]> {
  const ends = events.flatMap((event) => {
    const outcome = outcomeOf(upcast({ type: event.type, data: event.data }));
    return outcome === undefined ? [] : [{ event, outcome }];
  });
  const unrecorded = ends.filter(({ outcome }) => outcome.selection === undefined).map(({ event }) => event);
  const rebuilt = await rebuiltSelections(store, events, unrecorded, settings);
  return ends.map(({ event: { id, metadata }, outcome }) => ({
    at: String(metadata['at']),
    outcome: outcome.words,
    selection: outcome.selection ?? rebuilt.get(id),
    rebuilt: rebuilt.has(id),
  }));
}

interface Outcome {
  readonly words: string;
  readonly selection: Selection | undefined;
}

/** Undefined for an event that does not end a search for a host. */
function outcomeOf({ type, data }: Message): Outcome | undefined {
  const { hostName, attempt, code, selection }: Searched = data;
  if (type === 'instance.host-chosen.v2')
    return { words: `${String(hostName)} was chosen (attempt ${String(attempt)})`, selection };
  if (type === 'instance.launch-failed.v1' && code === 'scheduler.no-valid-host')
    return { words: 'no host was found', selection };
  return undefined;
}

/** The fields of the events that end a search. */
interface Searched {
  readonly hostName?: string;
  readonly attempt?: number;
  readonly code?: string;
  readonly selection?: Selection;
}
