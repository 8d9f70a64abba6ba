import type { ProjectRecord } from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EXECUTOR, ReadYourWrites, stepOf } from '../core';
import { keystoneId } from '../../identity/roles';
import { PROJECT_NAMES, UniqueNames } from '../core/unique-names';
import { projectNow, projectStream, requireProject } from './projects';
import type { ProjectView } from '../user/views';
import type { CommandContext, Executor } from '../../runtime/ports';

export type NewProject = Omit<ProjectRecord, 'projectId'>;

/** Creates a project under a unique name and answers with it, also to a repeated request. */
export class CreateProject extends Command<ProjectView> {
  constructor(
    readonly project: NewProject,
    readonly context: CommandContext,
    readonly projectId: string = keystoneId(context.commandId, 'project'),
  ) {
    super();
  }
}

@CommandHandler(CreateProject)
export class CreateProjectHandler implements ICommandHandler<CreateProject> {
  private readonly names: UniqueNames;

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {
    this.names = new UniqueNames(executor, PROJECT_NAMES);
  }

  /** @throws DomainError `registry.name-taken`. */
  async execute({ project, projectId, context }: CreateProject): Promise<ProjectView> {
    const made = await projectNow(this.executor, projectId);
    if (made !== undefined) return made;
    const command = { type: 'CreateProject', data: { ...project, projectId } } as const;
    await this.names.claim(project.name, projectId, context);
    const created = await this.executor.execute(projectStream(projectId), command, stepOf(context, 'create'));
    await this.names.confirm(project.name, projectId, context);
    await this.writes.settled(created);
    return requireProject(this.executor, projectId);
  }
}
