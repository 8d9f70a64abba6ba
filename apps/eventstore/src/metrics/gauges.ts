import { Gauge, type Registry } from 'prom-client';
import type { EventLog } from '../log/event-log';
import type { ActiveSubscriptions } from '../subscriptions/active-subscriptions';
import type { PartialMessages } from '../wire/partial-messages';
import type { Listeners } from '../wire/listeners';
import type { MemoryBudget } from '../wire/memory-budget';

/** Values that are read only when somebody asks. */
export interface GaugeSources {
  readonly log: EventLog;
  readonly budget: MemoryBudget;
  readonly halves: PartialMessages;
  readonly listeners: Listeners;
  readonly subscriptions: ActiveSubscriptions;
}

type Reading = readonly [name: string, help: string, read: () => number];

/** Makes the gauges of a server. */
export function registerGauges(registry: Registry, sources: GaugeSources): void {
  for (const [name, help, read] of readings(sources)) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  }
  byLabel(registry, 'cairn_eventstore_file_bytes', 'Sizes of the files of the log', 'file', () =>
    sources.log.fileSizes(),
  );
  const help = 'Subscriptions that are open';
  byLabel(registry, 'cairn_eventstore_subscriptions', help, 'kind', () => sources.subscriptions.counts());
}

function readings({ log, budget, halves, listeners, subscriptions }: GaugeSources): readonly Reading[] {
  return [
    ['cairn_eventstore_head_position', 'Position of the last committed event', () => log.lastPosition],
    ['cairn_eventstore_read_only', '1 while there is no space for writes', () => (log.isReadOnly ? 1 : 0)],
    ['cairn_eventstore_unanswered_appends', 'Appends that are not answered yet', () => budget.held],
    ['cairn_eventstore_unanswered_append_bytes', 'Memory that those take', () => budget.heldBytes],
    [
      'cairn_eventstore_partial_message_bytes',
      'What has arrived of messages that are not whole',
      () => halves.heldBytes,
    ],
    ['cairn_eventstore_connections', 'Connections that are open', () => listeners.connections],
    ['cairn_eventstore_refused_connections', 'Connections too many, since the start', () => listeners.refused],
    [
      'cairn_eventstore_all_subscription_lag_bytes',
      'How far the last of the subscriptions to $all is behind the head, by positions',
      () => subscriptions.lag('all'),
    ],
    [
      'cairn_eventstore_stream_subscription_lag_events',
      'How far the last of the subscriptions to a stream is behind its end',
      () => subscriptions.lag('stream'),
    ],
    ['process_resident_memory_bytes', 'Resident memory of the process', () => process.memoryUsage.rss()],
  ];
}

function byLabel(
  registry: Registry,
  name: string,
  help: string,
  label: string,
  read: () => Readonly<Record<string, number>>,
): void {
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      for (const [value, size] of Object.entries(read())) this.set({ [label]: value }, size);
    },
  });
}
