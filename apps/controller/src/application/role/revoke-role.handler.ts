import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EXECUTOR, ReadYourWrites } from '../core';
import { projectStream } from '../project/projects';
import type { CommandContext, Executor } from '../../runtime/ports';

/** Revokes a user's role in a project, from the next request on. */
export class RevokeRole extends Command<void> {
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

@CommandHandler(RevokeRole)
export class RevokeRoleHandler implements ICommandHandler<RevokeRole> {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {}

  /** @throws DomainError `project.not-found`. */
  async execute({ projectId, userId, role, context }: RevokeRole): Promise<void> {
    const command = { type: 'RevokeRole', data: { userId, role } } as const;
    await this.writes.settled(await this.executor.execute(projectStream(projectId), command, context));
  }
}
