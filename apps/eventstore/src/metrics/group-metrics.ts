import { Counter, Histogram, type Registry } from 'prom-client';
import type { GroupResult } from '../log/group-writer';
import type { WriteCommand } from '../log/commands';

/** From a fast NVMe disk to one that is in trouble. */
const COMMIT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** Up to the largest group that the log makes. */
const GROUP_WRITES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000];

/** Counts commits: a few calls for each group, whatever the number of its events. */
export class GroupMetrics {
  private readonly writes: Counter<'kind' | 'outcome'>;
  private readonly events: Counter;
  private readonly bytes: Counter;
  private readonly seconds: Histogram;
  private readonly groupWrites: Histogram;

  constructor(registry: Registry) {
    const registers = [registry];
    this.writes = new Counter({
      name: 'cairn_eventstore_writes_total',
      help: 'Appends, deletes and tombstones, by what became of them; refused: before they reached the log',
      labelNames: ['kind', 'outcome'],
      registers,
    });
    this.events = new Counter({
      name: 'cairn_eventstore_events_appended_total',
      help: 'Events that were committed',
      registers,
    });
    this.bytes = new Counter({
      name: 'cairn_eventstore_appended_bytes_total',
      help: 'Bytes by which positions grew',
      registers,
    });
    this.seconds = new Histogram({
      name: 'cairn_eventstore_commit_seconds',
      help: 'What one COMMIT took, which is mostly its fsync',
      buckets: COMMIT_SECONDS,
      registers,
    });
    this.groupWrites = new Histogram({
      name: 'cairn_eventstore_commit_group_writes',
      help: 'Writes that shared one COMMIT',
      buckets: GROUP_WRITES,
      registers,
    });
  }

  /** An append was turned away before it reached the log: malformed, too large, not allowed, no room for it. */
  refused(): void {
    this.writes.inc({ kind: 'append', outcome: 'refused' });
  }

  /** What became of a group of writes. */
  settled(group: readonly WriteCommand[], result: GroupResult): void {
    for (const [key, count] of tally(group, result)) {
      const [kind = '', outcome = ''] = key.split(' ');
      this.writes.inc({ kind, outcome }, count);
    }
    if (result.kind === 'failed' || result.events === 0) return;
    this.events.inc(result.events);
    this.bytes.inc(result.bytes);
    this.seconds.observe(result.seconds);
    this.groupWrites.observe(group.length);
  }
}

function tally(group: readonly WriteCommand[], result: GroupResult): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [index, { kind }] of group.entries()) {
    const outcome = result.kind === 'failed' ? 'unavailable' : (result.outcomes[index]?.kind ?? 'unavailable');
    const key = `${kind} ${outcome}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
