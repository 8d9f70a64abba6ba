import {
  deriveId,
  DomainError,
  floatingIpRef,
  type FloatingIpRecord,
  floatingIpReservation,
  streamRef,
} from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext, Executor } from '../../runtime/ports';
import { allocateNumber, EXECUTOR, numberRegistry, ReadYourWrites, stepOf } from '../core';
import { confirmQuota, reserveQuota } from '../quota/reservations';
import { FloatingPools } from './floating-pools';

/** The integers by which OpenStack's compute API names floating IPs. */
export const FLOATING_NUMBERS = numberRegistry('floatingips');

export class AllocateFloatingIp extends Command<FloatingIpRecord> {
  constructor(
    readonly projectId: string,
    readonly userId: string,
    readonly pool: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/**
 * Reserves quota and an address, then makes the floating IP. After a crash in between, the streams that hold something
 * for it settle that.
 */
@CommandHandler(AllocateFloatingIp)
export class AllocateFloatingIpHandler implements ICommandHandler<AllocateFloatingIp> {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly pools: FloatingPools,
    private readonly writes: ReadYourWrites,
  ) {}

  /** @throws DomainError `floating-pool.not-found`, `floating-pool.exhausted` or `floating-ip.quota`. */
  async execute({ projectId, userId, pool: poolName, context }: AllocateFloatingIp): Promise<FloatingIpRecord> {
    const floatingIpId = deriveId(context.commandId, 'floating-ip');
    const pool = (await this.pools.all()).find(({ name }) => name === poolName);
    if (pool === undefined)
      throw new DomainError('not-found', 'floating-pool.not-found', 'Floating IP pool not found.');
    const target = streamRef('floatingip', floatingIpId);
    const reservation = floatingIpReservation(floatingIpId, userId);
    const refusal = { code: 'floating-ip.quota', message: `IP allocation over quota in pool ${poolName}.` };
    await reserveQuota(this.executor, projectId, reservation, refusal, stepOf(context, 'reserve-quota'));
    const { address, leadsOut, number } = await this.hold(floatingIpId, pool.id, projectId, context);
    const record = { floatingIpId, number, projectId, poolId: pool.id, poolName, address, interface: leadsOut };
    const command = { type: 'AllocateFloatingIp', data: record } as const;
    const made = await this.executor.execute(target, command, stepOf(context, 'allocate')).catch((error: unknown) => {
      if (!(error instanceof DomainError) || error.code !== 'floating-ip.exists') throw error;
      // an earlier try found no address and gave up
      throw new DomainError('not-found', 'floating-pool.exhausted', `No more floating IPs in pool ${poolName}.`);
    });
    const owner = floatingIpRef(floatingIpId);
    // it is in the log whatever happens here: who holds something for it settles that
    await Promise.all([
      confirmQuota(this.executor, projectId, [owner], stepOf(context, 'confirm-quota')),
      this.executor
        .execute(
          streamRef('floatingpool', pool.id),
          { type: 'ConfirmFloatingAddress', data: { owner } },
          stepOf(context, 'confirm-address'),
        )
        .catch(() => undefined),
    ]);
    await this.writes.settled(made);
    return record;
  }

  /** An address and a number; the quota goes back if there is no address. */
  private async hold(
    floatingIpId: string,
    poolId: string,
    projectId: string,
    context: CommandContext,
  ): Promise<{ readonly address: string; readonly leadsOut: string | null; readonly number: number }> {
    const owner = floatingIpRef(floatingIpId);
    try {
      const reserve = { type: 'ReserveFloatingAddress', data: { owner, address: null } } as const;
      const [held, number] = await Promise.all([
        this.executor.execute(streamRef('floatingpool', poolId), reserve, stepOf(context, 'reserve-address')),
        allocateNumber(this.executor, FLOATING_NUMBERS, floatingIpId, stepOf(context, 'number')),
      ]);
      if (held.answer === undefined)
        throw new DomainError('unavailable', 'floating-ip.undone', 'The request was undone. Try again.');
      const { address, interface: leadsOut } = held.answer;
      return { address, leadsOut, number };
    } catch (error) {
      if (error instanceof DomainError) await this.giveUp(floatingIpId, projectId, context).catch(() => undefined);
      throw error;
    }
  }

  /**
   * A repeat of the request may be under way, or come later, and find an address. So the floating IP's own stream decides
   * first: it takes note that there will be none, or refuses since there is one, and then nothing goes back.
   */
  private async giveUp(floatingIpId: string, projectId: string, context: CommandContext): Promise<void> {
    const abandon = { type: 'AbandonCreation', data: { id: floatingIpId } } as const;
    await this.executor.execute(streamRef('floatingip', floatingIpId), abandon, stepOf(context, 'give-up'));
    const release = { type: 'ReleaseQuota', data: { owner: floatingIpRef(floatingIpId) } } as const;
    await this.executor.execute(streamRef('quota', projectId), release, stepOf(context, 'give-back'));
  }
}
