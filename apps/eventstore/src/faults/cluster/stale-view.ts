import type { CommitSignal } from '../../log/commit-signal';
import type { EventLog } from '../../log/event-log';
import type { StreamHead } from '../../log/heads';
import type { ClusterModel } from './cluster-model';

/**
 * A log as one node of a cluster has it: up to where the node has come. Metadata is always the newest; writes go to the
 * log itself.
 */
export function viewOf(log: EventLog, model: ClusterModel, node: number): EventLog {
  const end = (): number => model.endAt(node);
  const signal: Pick<CommitSignal, 'watch' | 'publish'> = {
    publish: (changed) => {
      log.signal.publish(changed);
    },
    watch: (stream, listener) => {
      const ends = [log.signal.watch(stream, listener), model.onChange(listener)];
      return () => {
        for (const end of ends) end();
      };
    },
  };
  return Object.create(log, {
    lastPosition: { get: () => Math.min(end(), log.lastPosition) },
    readHead: { value: (stream: string) => headAt(log, stream, end()) },
    signal: { value: signal },
    write: { value: log.write.bind(log) },
    scavenge: { value: log.scavenge.bind(log) },
  }) as EventLog;
}

function headAt(log: EventLog, stream: string, end: number): StreamHead {
  const head = log.readHead(stream);
  if (head.key === undefined || end >= log.lastPosition) return head;
  let { last } = head;
  while (last >= 0) {
    const range = { sid: head.key.sid, first: 0, last, createdSince: 0 };
    const [event] = log.reader.streamPage(range, true, 1);
    if (event !== undefined && event.position <= end) break;
    last = event === undefined ? -1 : event.revision - 1;
  }
  return { ...head, last };
}
