import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EXECUTOR } from '../core';
import type { Principal } from '../../identity/authenticator';
import { userStream } from '../user/users';
import type { CommandContext, Executor } from '../../runtime/ports';

/** Revokes one token. */
export class RevokeToken extends Command<void> {
  constructor(
    readonly subject: Principal,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RevokeToken)
export class RevokeTokenHandler implements ICommandHandler<RevokeToken> {
  constructor(@Inject(EXECUTOR) private readonly executor: Executor) {}

  async execute({ subject, context }: RevokeToken): Promise<void> {
    const { actor, token } = subject;
    const command = { type: 'RevokeToken', data: { tokenId: token.id, expiresAt: token.expiresAt } } as const;
    await this.executor.execute(userStream(actor.userId), command, context);
  }
}
