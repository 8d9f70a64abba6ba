import { type InputOf, later, type LaunchRequest, type OperationRequest, streamRef } from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { hashOfPlain, type Keyring } from '../../keyring';
import type { Clock, CommandContext, Executor } from '../../runtime/ports';
import { CLOCK, EXECUTOR, KEYRING, stepOf } from '../core';
import { administratorOf, encryptedFor } from './guest-password';
import { ownServer } from './own-server';
import { type Failure, ServerHistoryQuery } from './server-history.query';
import { newAdminPassAt, postedPasswordAt } from './secrets';
import { OperateServer } from './server-operations.handler';
import { ServerWrites } from './server-writes';

/** As long as nova's API waits for the host (rpc_response_timeout). */
const PATIENCE_MS = 60_000;
const LOOK_MS = 100;

/** Null: it is set. `under way`: the host has not answered yet. */
export type PasswordChange = Failure | 'under way' | null;

/** Sets the password of a guest's administrator, and waits for that, as nova does. */
export class ChangeServerPassword extends Command<PasswordChange> {
  constructor(
    readonly instanceId: string,
    /** The project that must own the server; null for administrators. */
    readonly projectId: string | null,
    readonly password: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ChangeServerPassword)
export class ChangeServerPasswordHandler implements ICommandHandler<ChangeServerPassword> {
  constructor(
    private readonly commands: CommandBus,
    private readonly history: ServerHistoryQuery,
    private readonly writes: ServerWrites,
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError `not-found`, or `conflict` for a state that does not allow it or a guest without an agent. */
  async execute({ instanceId, projectId, password, context }: ChangeServerPassword): Promise<PasswordChange> {
    const { request } = await ownServer(this.executor, { instanceId, projectId });
    const user = administratorOf(request);
    const operation: OperationRequest = {
      name: 'changePassword',
      input: { user, ...(await this.sealed(request, password)) },
    };
    const commandHash = hashOfPlain(this.keyring, { type: 'ChangeGuestPassword', data: { user, password } });
    await this.commands.execute(new OperateServer(instanceId, projectId, [operation], { ...context, commandHash }));
    return this.outcome(instanceId, stepOf(context, operation.name).commandId);
  }

  private async sealed(
    { instanceId, projectId, publicKey }: LaunchRequest,
    password: string,
  ): Promise<Omit<InputOf<'changePassword'>, 'user'>> {
    const owner = `project/${projectId}` as const;
    const forOwner = encryptedFor(publicKey, password);
    return {
      adminPass: await this.keyring.seal(owner, newAdminPassAt(instanceId), password),
      ...(forOwner === undefined
        ? {}
        : { forOwner: await this.keyring.seal(owner, postedPasswordAt(instanceId), forOwner) }),
    };
  }

  private async outcome(instanceId: string, operationId: string): Promise<PasswordChange> {
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
