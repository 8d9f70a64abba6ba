import { deriveId, streamName, type StreamOf, streamRef } from '@cairn/domain';
import type { Executor } from '../../runtime/ports';

/** A server that a command has reserved quota for, and how far its launch has come. */
export interface Begun {
  readonly id: string;
  readonly launched: boolean;
  /** True if its launch never comes: a crash came first, and the quota has settled the reservation. */
  readonly abandoned: boolean;
}

export const instanceStream = (id: string): StreamOf<'instance'> => streamRef('instance', id);
export const quotaStream = (projectId: string): StreamOf<'quota'> => streamRef('quota', projectId);

/** The i-th server of a request has the id uuidv5(command id / instance / i). */
export const idsOf = (commandId: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => deriveId(commandId, 'instance', i));

/**
 * For a repeated command: all servers that it has reserved quota for. It must find every one, because the answer to the
 * repeat is a promise. Since another controller may work on the same command, it reads everything from the log, in this
 * order: a launched server had its reservation before, and a server without a reservation shows its end in its own
 * stream.
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
