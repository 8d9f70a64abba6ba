import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ProjectChanges } from '@cairn/domain';
import { EXECUTOR, ReadYourWrites, stepOf } from '../core';
import { PROJECT_NAMES, UniqueNames } from '../core/unique-names';
import { projectStream, requireProject } from './projects';
import type { ProjectView } from '../user/views';
import type { CommandContext, Executor } from '../../runtime/ports';

/** Changes the given fields; claims a new name before and releases the old one after. */
export class UpdateProject extends Command<ProjectView> {
  constructor(
    readonly projectId: string,
    readonly changes: ProjectChanges,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(UpdateProject)
export class UpdateProjectHandler implements ICommandHandler<UpdateProject> {
  private readonly names: UniqueNames;

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {
    this.names = new UniqueNames(executor, PROJECT_NAMES);
  }

  /** @throws DomainError `project.not-found`, `registry.name-taken`. */
  async execute({ projectId, changes, context }: UpdateProject): Promise<ProjectView> {
    const before = await requireProject(this.executor, projectId);
    const command = { type: 'UpdateProject', data: changes } as const;
    const updated = await this.names.renamed(before, changes.name, context, () =>
      this.executor.execute(projectStream(projectId), command, stepOf(context, 'update')),
    );
    await this.writes.settled(updated);
    return requireProject(this.executor, projectId);
  }
}
