import type { Attributes } from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EXECUTOR, KEYRING, PASSWORDS, ReadYourWrites, stepOf } from '../core';
import { keystoneId } from '../../identity/roles';
import { UniqueNames, USER_NAMES } from '../core/unique-names';
import { UserSecrets } from '../../identity/user-secrets';
import { requireUser, userNow, userStream } from './users';
import type { UserView } from './views';
import { hashOfPlain, type Keyring } from '../../keyring';
import type { Passwords } from '../../passwords/passwords';
import type { CommandContext, Executor } from '../../runtime/ports';

export interface NewUser {
  readonly name: string;
  readonly domainId: string;
  readonly email: string | null;
  readonly description: string;
  readonly enabled: boolean;
  readonly defaultProjectId: string | null;
  /** Absent: none. */
  readonly attributes?: Attributes;
  /** Null: the user cannot log in by password. */
  readonly password: string | null;
}

/** Creates a user under a unique name and answers with it, also to a repeated request. */
export class CreateUser extends Command<UserView> {
  constructor(
    readonly user: NewUser,
    readonly context: CommandContext,
    readonly userId: string = keystoneId(context.commandId, 'user'),
  ) {
    super();
  }
}

@CommandHandler(CreateUser)
export class CreateUserHandler implements ICommandHandler<CreateUser> {
  private readonly names: UniqueNames;
  private readonly secrets: UserSecrets;

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(PASSWORDS) passwords: Passwords,
    private readonly writes: ReadYourWrites,
  ) {
    this.names = new UniqueNames(executor, USER_NAMES);
    this.secrets = new UserSecrets(keyring, passwords);
  }

  /** @throws DomainError `registry.name-taken`. */
  async execute({ user, userId, context }: CreateUser): Promise<UserView> {
    const made = await userNow(this.executor, userId);
    if (made !== undefined) return made;
    const { password, ...record } = user;
    const passwordHash = password === null ? null : await this.secrets.seal(userId, user.domainId, password);
    const command = { type: 'CreateUser', data: { ...record, userId, passwordHash } } as const;
    const commandHash = hashOfPlain(this.keyring, { type: command.type, data: { ...user, userId } });
    await this.names.claim(user.name, userId, context);
    const created = await this.executor.execute(userStream(userId), command, {
      ...stepOf(context, 'create'),
      commandHash,
    });
    await this.names.confirm(user.name, userId, context);
    await this.writes.settled(created);
    return requireUser(this.executor, userId);
  }
}
