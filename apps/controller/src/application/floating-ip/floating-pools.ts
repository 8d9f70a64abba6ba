import { commonAddress, DomainError, floatingPoolId, type FloatingRange, streamRef } from '@cairn/domain';
import { FloatingPoolRow, type ReadModel } from '@cairn/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Executed, Executor } from '../../runtime/ports';
import { EXECUTOR, READ_MODEL, ReadYourWrites, stepOf } from '../core';

type Bounds = Pick<FloatingRange, 'first' | 'last'>;

/** Pools of floating addresses and their ranges. */
@Injectable()
export class FloatingPools {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {}

  /** Those that have addresses, by name. */
  async all(): Promise<readonly FloatingPoolRow[]> {
    const rows = await this.readModel.read((found) => found.find(FloatingPoolRow, { order: { name: 'ASC' } }));
    return rows.filter(({ ranges }) => ranges.length > 0);
  }

  /**
   * Adds addresses to a pool, which is made if there is none of that name. Two pools have no address in common: nova's
   * API names floating IPs by their addresses. @throws DomainError `conflict` for an address that some pool has.
   */
  async add(name: string, range: FloatingRange, context: CommandContext): Promise<void> {
    const poolId = floatingPoolId(name);
    for (const pool of await this.all()) {
      const known = pool.id === poolId ? undefined : commonAddress(pool.ranges, range);
      if (known !== undefined)
        throw new DomainError('conflict', 'floating-pool.address-exists', `Floating IP ${known} already exists.`);
    }
    const command = { type: 'AddFloatingRange', data: { poolId, name, ...range } } as const;
    const target = streamRef('floatingpool', poolId);
    await this.writes.settled(await this.executor.execute(target, command, stepOf(context, 'add')));
  }

  /** Takes addresses out of every pool that has some of them. @throws DomainError `conflict` for one that is in use. */
  async remove({ first, last }: Bounds, context: CommandContext): Promise<void> {
    const met = (await this.all()).filter(({ ranges }) => commonAddress(ranges, { first, last }) !== undefined);
    const command = { type: 'RemoveFloatingRange', data: { first, last } } as const;
    const done: Executed[] = [];
    for (const { id } of met)
      done.push(await this.executor.execute(streamRef('floatingpool', id), command, stepOf(context, `remove/${id}`)));
    await this.writes.settled(...done);
  }
}
