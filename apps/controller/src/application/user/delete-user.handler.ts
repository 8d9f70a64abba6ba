import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EXECUTOR, ReadYourWrites, stepOf } from '../core';
import { UniqueNames, USER_NAMES } from '../core/unique-names';
import { requireUser, userStream } from './users';
import type { CommandContext, Executor } from '../../runtime/ports';

export class DeleteUser extends Command<void> {
  constructor(
    readonly userId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(DeleteUser)
export class DeleteUserHandler implements ICommandHandler<DeleteUser> {
  private readonly names: UniqueNames;

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {
    this.names = new UniqueNames(executor, USER_NAMES);
  }

  /** @throws DomainError `user.not-found`. */
  async execute({ userId, context }: DeleteUser): Promise<void> {
    const { name } = await requireUser(this.executor, userId);
    const command = { type: 'DeleteUser', data: {} } as const;
    const deleted = await this.executor.execute(userStream(userId), command, stepOf(context, 'delete'));
    await this.names.release(name, userId, context);
    await this.writes.settled(deleted);
  }
}
