import { DomainError, QUOTA_CLASS, type ServerGroupRecord, serverGroupReservation, streamRef } from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EXECUTOR, ReadYourWrites, stepOf } from '../core';
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
    const target = stream(group.groupId);
    await this.reserve(group, context);
    const create = { type: 'CreateServerGroup', data: group } as const;
    const created = await this.executor.execute(target, create, stepOf(context, 'create'));
    const confirm = { type: 'ConfirmQuota', data: { owners: [target] } } as const;
    // the group is in the log whatever happens here: the quota's `due` settles an unconfirmed reservation
    await this.executor
      .execute(streamRef('quota', group.projectId), confirm, stepOf(context, 'confirm'))
      .catch(() => undefined);
    await this.writes.settled(created);
  }

  private async reserve({ projectId, groupId, userId }: ServerGroupRecord, context: CommandContext): Promise<void> {
    const { overrides: classLimits } = await this.executor.state(QUOTA_CLASS);
    const data = { reservations: [serverGroupReservation(groupId, userId)], classLimits };
    const command = { type: 'ReserveQuota', data } as const;
    try {
      await this.executor.execute(streamRef('quota', projectId), command, stepOf(context, 'reserve'));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'quota.exceeded') throw error;
      throw new DomainError('quota', 'server-group.quota', 'Quota exceeded, too many server groups.');
    }
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
