import type { InputOf, LaunchRequest, OperationRequest } from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { hashOfPlain, type Keyring } from '../../keyring';
import type { CommandContext, Executor } from '../../runtime/ports';
import { EXECUTOR, KEYRING } from '../core';
import { administratorOf, encryptedFor } from './guest-password';
import { type Outcome, AwaitedOperations } from './awaited-operations';
import { ownServer } from './own-server';
import { newAdminPassAt, postedPasswordAt } from './secrets';

/** Sets the password of a guest's administrator, and waits for that, as nova does. */
export class ChangeServerPassword extends Command<Outcome> {
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
    private readonly operations: AwaitedOperations,
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(KEYRING) private readonly keyring: Keyring,
  ) {}

  /** @throws DomainError `not-found`, or `conflict` for a state that does not allow it or a guest without an agent. */
  async execute({ instanceId, projectId, password, context }: ChangeServerPassword): Promise<Outcome> {
    const { request } = await ownServer(this.executor, { instanceId, projectId });
    const user = administratorOf(request);
    const operation: OperationRequest = {
      name: 'changePassword',
      input: { user, ...(await this.sealed(request, password)) },
    };
    const commandHash = hashOfPlain(this.keyring, { type: 'ChangeGuestPassword', data: { user, password } });
    return this.operations.carryOut(instanceId, projectId, operation, { ...context, commandHash });
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
}
