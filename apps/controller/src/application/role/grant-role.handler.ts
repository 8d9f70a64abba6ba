import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EXECUTOR, ReadYourWrites } from '../core';
import { projectStream } from '../project/projects';
import type { CommandContext, Executor } from '../../runtime/ports';

/** Gives a user a role in a project; changes nothing if the user has it. */
export class GrantRole extends Command<void> {
  constructor(
    readonly projectId: string,
    readonly userId: string,
    /** The role's name. */
    readonly role: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(GrantRole)
export class GrantRoleHandler implements ICommandHandler<GrantRole> {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {}

  /** @throws DomainError `project.not-found`. */
  async execute({ projectId, userId, role, context }: GrantRole): Promise<void> {
    const command = { type: 'GrantRole', data: { userId, role } } as const;
    await this.writes.settled(await this.executor.execute(projectStream(projectId), command, context));
  }
}
