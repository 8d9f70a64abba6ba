import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EXECUTOR, KEYRING, PASSWORDS, stepOf } from '../core';
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
    /** The user's epoch in which the caller proved to be the user; absent for administrators, who need not. */
    readonly epoch?: number,
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
  ) {
    this.secrets = new UserSecrets(keyring, passwords);
  }

  /** @throws DomainError `user.not-found`; `user.changed-meanwhile` when the proof does not hold any more. */
  async execute({ userId, password, context, epoch }: ChangePassword): Promise<void> {
    const { domainId } = await requireUser(this.executor, userId);
    const type = 'ChangePassword';
    const passwordHash = await this.secrets.seal(userId, domainId, password);
    await this.executor.execute(
      userStream(userId),
      { type, data: { passwordHash, ...(epoch === undefined ? {} : { epoch }) } },
      {
        ...stepOf(context, 'change-password'),
        commandHash: hashOfPlain(this.keyring, { type, data: { userId, password } }),
      },
    );
  }
}
