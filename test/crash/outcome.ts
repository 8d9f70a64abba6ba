import { hostOperationNamed, type Instance, isInMemory, targetOf } from '@cairn/domain';

import { isAccepted, type Kind, type Operation } from './operations';

/** What a server was before a round and is after it: its state by the log, its starts by its host (null: not counted). */
export interface Seen {
  readonly vmState: Instance['vmState'];
  readonly starts: number | null;
}

const NOTHING: Seen = { vmState: 'absent', starts: 0 };

interface End {
  readonly vmState: Instance['vmState'];
  /** Starts of the guest that the operation takes. */
  readonly starts: number;
}

function endOf(kind: Kind, before: Instance['vmState']): End {
  if (kind === 'launch') return { vmState: 'active', starts: 1 };
  if (kind === 'delete') return { vmState: 'deleted', starts: 0 };
  const { vmState } = targetOf(hostOperationNamed(kind), { vmState: before, former: undefined });
  const starts = isInMemory(vmState) && (kind === 'reboot' || !isInMemory(before)) ? 1 : 0;
  return { vmState, starts };
}

/**
 * What is wrong with an operation's outcome: accepted means done, once; without an answer it was done as a whole, once,
 * or not at all, of several servers all or none; refused means that it was not done.
 */
export function wrongWith(
  operation: Operation,
  before: ReadonlyMap<string, Seen>,
  after: ReadonlyMap<string, Seen>,
): string | undefined {
  const { kind, servers, answer } = operation;
  const found = servers.map((id) => stateOf(kind, before.get(id) ?? NOTHING, after.get(id) ?? NOTHING));
  const may = isAccepted(operation)
    ? ['done']
    : answer?.status === undefined || answer.status >= 500
      ? ['done', 'not done']
      : [];
  const [first = ''] = found;
  const alike = found.every((one) => one === first);
  if (alike && found.every((one) => may.includes(one))) return undefined;
  const shown = servers.map((id, i) => `${id} ${found[i] ?? ''} ${JSON.stringify([before.get(id), after.get(id)])}`);
  return `${kind} ${operation.key} was answered ${JSON.stringify(answer)}; ${shown.join('; ')}`;
}

/** `done` once, `not done`, or neither: a reboot without an answer differs from none by its starts only. */
function stateOf(kind: Kind, before: Seen, after: Seen): string {
  const end = endOf(kind, before.vmState);
  const starts = after.starts === null || before.starts === null ? null : after.starts - before.starts;
  const gone = after.vmState === 'deleted';
  if (after.vmState === end.vmState && (gone || starts === null || starts === end.starts)) return 'done';
  if (kind === 'launch' && gone) return 'not done'; // undone: nothing else deletes what its round has launched
  if (after.vmState === before.vmState && (starts === null || starts === 0)) return 'not done';
  return `neither done nor not done (starts: ${String(starts)})`;
}
