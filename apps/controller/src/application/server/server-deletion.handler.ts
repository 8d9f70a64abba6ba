import { deletionOf, DomainError, streamRef } from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ControllerConfig } from '../../config';
import type { CommandContext, Executor } from '../../runtime/ports';
import { CONFIG, EXECUTOR } from '../core';
import { OperateServer } from './server-operations.handler';

/** How often the kind of deletion is decided again, when the server changes meanwhile. */
const MOST_LOOKS = 3;

/** Deletes a server as the cloud is set: at once, or softly, so that it can be restored for a while. */
export class DeleteServer extends Command<void> {
  constructor(
    readonly instanceId: string,
    /** As for `OperateServer`. */
    readonly projectId: string | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(DeleteServer)
export class DeleteServerHandler implements ICommandHandler<DeleteServer> {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<ControllerConfig, 'reclaimInstanceIntervalSeconds'>,
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly commands: CommandBus,
  ) {}

  /** @throws DomainError `not-found` (also: not yours), or `conflict` for a locked server. */
  async execute({ instanceId, projectId, context }: DeleteServer): Promise<void> {
    for (let looks = 1; ; looks += 1) {
      const state = await this.executor.state(streamRef('instance', instanceId));
      const operations = deletionOf(state, this.config.reclaimInstanceIntervalSeconds);
      try {
        await this.commands.execute(new OperateServer(instanceId, projectId, operations, context));
        return;
      } catch (error) {
        const changed = error instanceof DomainError && error.code === 'instance.invalid-state';
        if (!changed || looks === MOST_LOOKS) throw error;
      }
    }
  }
}
