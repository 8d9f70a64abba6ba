import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EXECUTOR, ReadYourWrites, stepOf } from '../core';
import { PROJECT_NAMES, UniqueNames } from '../core/unique-names';
import { projectStream, requireProject } from './projects';
import type { CommandContext, Executor } from '../../runtime/ports';

/** Ends a project: nobody has a role in it any more. Its resources in other services stay, as in OpenStack. */
export class DeleteProject extends Command<void> {
  constructor(
    readonly projectId: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(DeleteProject)
export class DeleteProjectHandler implements ICommandHandler<DeleteProject> {
  private readonly names: UniqueNames;

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {
    this.names = new UniqueNames(executor, PROJECT_NAMES);
  }

  /** @throws DomainError `project.not-found`. */
  async execute({ projectId, context }: DeleteProject): Promise<void> {
    const { name } = await requireProject(this.executor, projectId);
    const command = { type: 'DeleteProject', data: {} } as const;
    const deleted = await this.executor.execute(projectStream(projectId), command, stepOf(context, 'delete'));
    await this.names.release(name, projectId, context);
    await this.writes.settled(deleted);
  }
}
