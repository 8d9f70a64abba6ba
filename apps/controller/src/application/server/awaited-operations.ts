import { later, type OperationRequest, streamRef } from '@cairn/domain';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Clock, CommandContext, Executor } from '../../runtime/ports';
import { CLOCK, EXECUTOR, stepOf } from '../core';
import { type Failure, ServerHistoryQuery } from './server-history.query';
import { OperateServer } from './server-operations.handler';
import { ServerWrites } from './server-writes';

/** As long as nova's API waits for the host (rpc_response_timeout). */
const PATIENCE_MS = 60_000;
const LOOK_MS = 100;

/** Null: it is done. `under way`: the host has not answered yet. */
export type Outcome = Failure | 'under way' | null;

/** Carries out operations on servers to their end, where nova waits for that, too. */
@Injectable()
export class AwaitedOperations {
  constructor(
    private readonly commands: CommandBus,
    private readonly history: ServerHistoryQuery,
    private readonly writes: ServerWrites,
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Afterwards rows show what came of it.
   * @param projectId the project that must own the server; null for administrators
   * @throws DomainError of `OperateServer`
   */
  async carryOut(
    instanceId: string,
    projectId: string | null,
    asked: OperationRequest,
    context: CommandContext,
  ): Promise<Outcome> {
    await this.commands.execute(new OperateServer(instanceId, projectId, [asked], context));
    return this.end(instanceId, stepOf(context, asked.name).commandId);
  }

  private async end(instanceId: string, operationId: string): Promise<Outcome> {
    const until = later(this.clock.now(), PATIENCE_MS);
    for (;;) {
      const { operation } = await this.executor.latest(streamRef('instance', instanceId));
      if (operation?.operationId !== operationId) {
        const { failure, position } = await this.history.endOf(instanceId, operationId);
        await this.writes.settled([[instanceId, { position }]]);
        return failure;
      }
      if (this.clock.now() >= until) return 'under way';
      await this.clock.sleep(LOOK_MS);
    }
  }
}
