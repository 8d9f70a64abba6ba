import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext, Executor } from '../../runtime/ports';
import { EXECUTOR, ReadYourWrites, stepOf } from '../core';
import { projectStream, requireProject } from './projects';

/** Adds or removes one tag of a project; keeps tags that others change at the same time. */
export class TagProject extends Command<void> {
  constructor(
    readonly projectId: string,
    readonly change: 'TagProject' | 'UntagProject',
    readonly tag: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(TagProject)
export class TagProjectHandler implements ICommandHandler<TagProject> {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {}

  /** @throws DomainError `project.not-found`, `project.tag-not-found`, `project.too-many-tags`. */
  async execute({ projectId, change, tag, context }: TagProject): Promise<void> {
    await requireProject(this.executor, projectId);
    const command = { type: change, data: { tag } };
    const executed = await this.executor.execute(projectStream(projectId), command, stepOf(context, 'tag'));
    await this.writes.settled(executed);
  }
}
