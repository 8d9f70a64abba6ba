import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { OperationRequest } from '@cairn/domain';
import { commandContext, RANDOM } from '../../../../application/core';
import { DeleteServer } from '../../../../application/server/server-deletion.handler';
import { OperateServer } from '../../../../application/server/server-operations.handler';
import type { Random } from '../../../../random';
import { type ComputeRequest, scopeOf } from '../shared/compute-request';

/** Asks for operations on a server in a caller's name. */
@Injectable()
export class ServerOperator {
  constructor(
    private readonly commands: CommandBus,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  /**
   * @param action names the request, for repeats under one idempotency key
   * @throws DomainError of the first operation that the server refuses.
   */
  operate(id: string, operations: readonly OperationRequest[], action: string, request: ComputeRequest): Promise<void> {
    const context = commandContext(request.caller, `${action}/${id}`, this.random);
    return this.commands.execute(new OperateServer(id, scopeOf(request), operations, context));
  }

  /** Deletes the server, at once or softly. @throws DomainError when the server refuses it. */
  delete(id: string, request: ComputeRequest): Promise<void> {
    const context = commandContext(request.caller, `delete-server/${id}`, this.random);
    return this.commands.execute(new DeleteServer(id, scopeOf(request), context));
  }
}
