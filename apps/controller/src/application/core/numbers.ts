import { type StreamOf, streamRef } from '@cairn/domain';
import type { CommandContext, Executor } from '../../runtime/ports';

/** A stream that gives out numbers of one kind, such as nova's integer ids: each owner gets one that no other ever has. */
export const numberRegistry = (kind: string): StreamOf<'registry'> => streamRef('registry', kind);

/** In the order of the owners. An owner that asks again gets the number that it has. */
export async function allocateNumbers(
  executor: Executor,
  numbers: StreamOf<'registry'>,
  ownerIds: readonly string[],
  context: CommandContext,
): Promise<readonly number[]> {
  return (await executor.execute(numbers, { type: 'AllocateNumbers', data: { ownerIds } }, context)).answer;
}

export async function allocateNumber(
  executor: Executor,
  numbers: StreamOf<'registry'>,
  ownerId: string,
  context: CommandContext,
): Promise<number> {
  const [number = 0] = await allocateNumbers(executor, numbers, [ownerId], context);
  return number;
}
