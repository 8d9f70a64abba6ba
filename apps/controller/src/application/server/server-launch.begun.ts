import { deriveId, streamName, type StreamOf, streamRef } from '@cairn/domain';
import type { Executor } from '../../runtime/ports';

/** A server that a command has reserved for, and how far it has come. */
export interface Begun {
  readonly id: string;
  readonly launched: boolean;
  /** A crash came before its launch was in the log, and it was settled that it never comes: its request is undone. */
  readonly abandoned: boolean;
}

export const instanceStream = (id: string): StreamOf<'instance'> => streamRef('instance', id);
export const quotaStream = (projectId: string): StreamOf<'quota'> => streamRef('quota', projectId);

/** RUNTIME.md: the i-th server of one request is uuidv5(command id / instance / i). */
export const idsOf = (commandId: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => deriveId(commandId, 'instance', i));

/**
 * For a repeated command: all servers that it has reserved quota for. None may be missing, because the answer to the
 * repeat is a promise. Another controller may be at work, so this reads everything from the log again, and in this order:
 * a launched server was reserved for before, and one that has left the quota since shows its end in its own stream.
 */
export async function begunBy(
  executor: Executor,
  projectId: string,
  maxCount: number,
  commandId: string,
): Promise<readonly Begun[]> {
  const look = async (id: string): Promise<Begun> => {
    const { request, vmState } = await executor.latest(instanceStream(id));
    const launched = request !== undefined;
    return { id, launched, abandoned: !launched && vmState === 'deleted' };
  };
  const [first = '', ...others] = idsOf(commandId, maxCount);
  const one = await look(first);
  const { held } = await executor.latest(quotaStream(projectId));
  const isBegun = ({ id, launched, abandoned }: Begun): boolean =>
    launched || abandoned || held.has(streamName(instanceStream(id)));
  if (!isBegun(one)) return []; // all are reserved at once: without the first there is none
  return [one, ...(await Promise.all(others.map(look))).filter(isBegun)];
}
