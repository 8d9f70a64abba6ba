import { type ServerGroupRecord, serverGroupReservation, streamRef } from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EXECUTOR, ReadYourWrites, stepOf } from '../core';
import { confirmQuota, reserveQuota } from '../quota/reservations';
import type { CommandContext, Executor } from '../../runtime/ports';

export class CreateServerGroup extends Command<void> {
  constructor(
    readonly group: ServerGroupRecord,
    readonly context: CommandContext,
  ) {
    super();
  }
}

export class DeleteServerGroup extends Command<void> {
  constructor(
    readonly groupId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

const stream = (id: string) => streamRef('servergroup', id);
const OVER_QUOTA = { code: 'server-group.quota', message: 'Quota exceeded, too many server groups.' };

/**
 * Reserves quota first, then creates the group. After a crash in between, the quota's `due` settles the reservation.
 */
@CommandHandler(CreateServerGroup)
export class CreateServerGroupHandler implements ICommandHandler<CreateServerGroup> {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {}

  /** @throws DomainError `server-group.quota`. */
  async execute({ group, context }: CreateServerGroup): Promise<void> {
    const { groupId, projectId, userId } = group;
    const target = stream(groupId);
    const reservation = serverGroupReservation(groupId, userId);
    await reserveQuota(this.executor, projectId, reservation, OVER_QUOTA, stepOf(context, 'reserve'));
    const create = { type: 'CreateServerGroup', data: group } as const;
    const created = await this.executor.execute(target, create, stepOf(context, 'create'));
    await confirmQuota(this.executor, projectId, [target], stepOf(context, 'confirm'));
    await this.writes.settled(created);
  }
}

@CommandHandler(DeleteServerGroup)
export class DeleteServerGroupHandler implements ICommandHandler<DeleteServerGroup> {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {}

  /** @throws DomainError `server-group.not-found`. */
  async execute({ groupId, context }: DeleteServerGroup): Promise<void> {
    const command = { type: 'DeleteServerGroup', data: {} } as const;
    await this.writes.settled(await this.executor.execute(stream(groupId), command, stepOf(context, 'delete')));
  }
}
