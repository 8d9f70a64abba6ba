import { DomainError, QUOTA_CLASS, type Reservation, type StreamRef, streamRef } from '@cairn/domain';
import type { CommandContext, Executor } from '../../runtime/ports';

/**
 * Reserves for a resource before it is made.
 * @throws DomainError `quota` of that code and in those words where there is no room.
 */
export async function reserveQuota(
  executor: Executor,
  projectId: string,
  reservation: Reservation,
  refusal: { readonly code: string; readonly message: string },
  context: CommandContext,
): Promise<void> {
  const { overrides: classLimits } = await executor.state(QUOTA_CLASS);
  const command = { type: 'ReserveQuota', data: { reservations: [reservation], classLimits } } as const;
  try {
    await executor.execute(streamRef('quota', projectId), command, context);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'quota.exceeded') throw error;
    throw new DomainError('quota', refusal.code, refusal.message);
  }
}

/**
 * Says that the owners have been made. Never fails: they are in the log whatever happens here, and the quota's `due`
 * settles an unconfirmed reservation.
 */
export async function confirmQuota(
  executor: Executor,
  projectId: string,
  owners: readonly StreamRef[],
  context: CommandContext,
): Promise<void> {
  const command = { type: 'ConfirmQuota', data: { owners } } as const;
  await executor.execute(streamRef('quota', projectId), command, context).catch(() => undefined);
}
