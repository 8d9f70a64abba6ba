import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { UserChanges } from '@cairn/domain';
import { EXECUTOR, ReadYourWrites, stepOf } from '../core';
import { UniqueNames, USER_NAMES } from '../core/unique-names';
import { requireUser, userStream } from './users';
import type { UserView } from './views';
import type { CommandContext, Executor } from '../../runtime/ports';

/** Changes the given fields; claims a new name before and releases the old one after. */
export class UpdateUser extends Command<UserView> {
  constructor(
    readonly userId: string,
    readonly changes: UserChanges,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(UpdateUser)
export class UpdateUserHandler implements ICommandHandler<UpdateUser> {
  private readonly names: UniqueNames;

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {
    this.names = new UniqueNames(executor, USER_NAMES);
  }

  /** @throws DomainError `user.not-found`, `registry.name-taken`. */
  async execute({ userId, changes, context }: UpdateUser): Promise<UserView> {
    const before = await requireUser(this.executor, userId);
    const command = { type: 'UpdateUser', data: changes } as const;
    const updated = await this.names.renamed(before, changes.name, context, () =>
      this.executor.execute(userStream(userId), command, stepOf(context, 'update')),
    );
    await this.writes.settled(updated);
    return requireUser(this.executor, userId);
  }
}
