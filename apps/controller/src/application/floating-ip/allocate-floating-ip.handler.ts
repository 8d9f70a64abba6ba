import {
  deriveId,
  DomainError,
  floatingIpRef,
  type FloatingIpRecord,
  floatingIpReservation,
  QUOTA_CLASS,
  streamRef,
} from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext, Executor } from '../../runtime/ports';
import { EXECUTOR, ReadYourWrites, stepOf } from '../core';
import { FloatingPools } from './floating-pools';

const NUMBERS = streamRef('registry', 'floatingips');

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
    await this.reserveQuota({ projectId, userId, poolName, floatingIpId }, context);
    const { address, leadsOut, number } = await this.hold(floatingIpId, pool.id, projectId, context);
    const record = { floatingIpId, number, projectId, poolId: pool.id, poolName, address, interface: leadsOut };
    const command = { type: 'AllocateFloatingIp', data: record } as const;
    const made = await this.executor.execute(target, command, stepOf(context, 'allocate'));
    const owner = floatingIpRef(floatingIpId);
    // it is in the log whatever happens here: who holds something for it settles that
    await Promise.all([
      this.executor
        .execute(
          streamRef('quota', projectId),
          { type: 'ConfirmQuota', data: { owners: [owner] } },
          stepOf(context, 'confirm-quota'),
        )
        .catch(() => undefined),
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
      const [held, numbers] = await Promise.all([
        this.executor.execute(streamRef('floatingpool', poolId), reserve, stepOf(context, 'reserve-address')),
        this.executor.execute(
          NUMBERS,
          { type: 'AllocateNumbers', data: { ownerIds: [floatingIpId] } },
          stepOf(context, 'number'),
        ),
      ]);
      if (held.answer === undefined)
        throw new DomainError('unavailable', 'floating-ip.undone', 'The request was undone. Try again.');
      const { address, interface: leadsOut } = held.answer;
      return { address, leadsOut, number: numbers.answer[0] ?? 0 };
    } catch (error) {
      if (error instanceof DomainError)
        await this.executor
          .execute(
            streamRef('quota', projectId),
            { type: 'ReleaseQuota', data: { owner } },
            stepOf(context, 'give-back'),
          )
          .catch(() => undefined);
      throw error;
    }
  }

  private async reserveQuota(
    asked: {
      readonly projectId: string;
      readonly userId: string;
      readonly poolName: string;
      readonly floatingIpId: string;
    },
    context: CommandContext,
  ): Promise<void> {
    const { projectId, userId, poolName, floatingIpId } = asked;
    const { overrides: classLimits } = await this.executor.state(QUOTA_CLASS);
    const data = { reservations: [floatingIpReservation(floatingIpId, userId)], classLimits };
    try {
      const command = { type: 'ReserveQuota', data } as const;
      await this.executor.execute(streamRef('quota', projectId), command, stepOf(context, 'reserve-quota'));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'quota.exceeded') throw error;
      throw new DomainError('quota', 'floating-ip.quota', `IP allocation over quota in pool ${poolName}.`);
    }
  }
}
