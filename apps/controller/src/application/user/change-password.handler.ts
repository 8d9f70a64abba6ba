import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AUTHENTICATOR, EXECUTOR, KEYRING, PASSWORDS, ReadYourWrites, stepOf } from '../core';
import type { Authenticator } from '../../identity/authenticator';
import { UserSecrets } from '../../identity/user-secrets';
import { requireUser, userStream } from './users';
import { hashOfPlain, type Keyring } from '../../keyring';
import type { Passwords } from '../../passwords/passwords';
import type { CommandContext, Executor } from '../../runtime/ports';

/** Changes a user's password and revokes the user's tokens. */
export class ChangePassword extends Command<void> {
  constructor(
    readonly userId: string,
    readonly password: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ChangePassword)
export class ChangePasswordHandler implements ICommandHandler<ChangePassword> {
  private readonly secrets: UserSecrets;

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(PASSWORDS) passwords: Passwords,
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    private readonly writes: ReadYourWrites,
  ) {
    this.secrets = new UserSecrets(keyring, passwords);
  }

  /** @throws DomainError `user.not-found`. */
  async execute({ userId, password, context }: ChangePassword): Promise<void> {
    const { domainId } = await requireUser(this.executor, userId);
    const type = 'ChangePassword';
    const passwordHash = await this.secrets.seal(userId, domainId, password);
    const changed = await this.executor.execute(
      userStream(userId),
      { type, data: { passwordHash } },
      {
        ...stepOf(context, 'change-password'),
        commandHash: hashOfPlain(this.keyring, { type, data: { userId, password } }),
      },
    );
    await this.writes.settled(changed);
    this.authenticator.forget();
  }
}
