import type { MemoryEventStore, RecordedEvent } from '@cairn/event-store';

import type { ClusterModel } from '../../apps/eventstore/src/faults/cluster/cluster-model';
import type { Source } from '../../apps/eventstore/src/faults/cluster/filtered-feed';

/** Positions of the log in memory are so far apart. */
const STRIDE = 64n;

/** The log as a node has it. */
export function sourceOf(log: MemoryEventStore, nodes: ClusterModel, node: number): Source<RecordedEvent> {
  const events = log.all();
  return {
    events,
    get count(): number {
      return nodes.endAt(node);
    },
    get end(): bigint {
      return BigInt(events.length + 1) * STRIDE;
    },
  };
}
