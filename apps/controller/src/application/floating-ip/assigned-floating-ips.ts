import { deriveId, floatingPoolId, type FloatingWish } from '@cairn/domain';
import type { ControllerConfig } from '../../config';
import type { CommandContext, Executor } from '../../runtime/ports';
import { allocateNumbers, stepOf } from '../core';
import { FLOATING_NUMBERS } from './allocate-floating-ip.handler';

export type AssignedSettings = Pick<ControllerConfig, 'autoAssignFloatingIp' | 'defaultFloatingPool'>;

/**
 * The floating IPs that servers get at their launch, in the order of the servers; none where the operator does not want
 * that. The launch finds out whether the pool has so many.
 */
export async function assignedFloatingIps(
  executor: Executor,
  { autoAssignFloatingIp, defaultFloatingPool: poolName }: AssignedSettings,
  instanceIds: readonly string[],
  context: CommandContext,
): Promise<readonly FloatingWish[]> {
  if (!autoAssignFloatingIp) return [];
  const ids = instanceIds.map((id) => deriveId(id, 'floating-ip'));
  const numbers = await allocateNumbers(executor, FLOATING_NUMBERS, ids, stepOf(context, 'floating-numbers'));
  const poolId = floatingPoolId(poolName);
  return ids.map((floatingIpId, i) => ({ floatingIpId, number: numbers[i] ?? 0, poolId, poolName }));
}
