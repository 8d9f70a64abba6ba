import { type KeyPair, own, streamRef } from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { userLimit } from '../quota/project-limit';
import { EXECUTOR, ReadYourWrites, stepOf } from '../core';
import type { CommandContext, Executor } from '../../runtime/ports';

/**
 * Stores a public key under a name that is unique for its user, and answers with it. Cairn never sees the private key.
 */
export class CreateKeypair extends Command<KeyPair> {
  constructor(
    /** Whose limit of key pairs holds. */
    readonly projectId: string,
    readonly keyPair: KeyPair,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CreateKeypair)
export class CreateKeypairHandler implements ICommandHandler<CreateKeypair> {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {}

  /** @throws DomainError `keypair.exists` or `keypair.quota`. */
  async execute({ projectId, keyPair, context }: CreateKeypair): Promise<KeyPair> {
    const limit = await userLimit(this.executor, projectId, keyPair.userId, 'key_pairs');
    const command = { type: 'CreateKeyPair', data: { ...keyPair, limit } } as const;
    const target = streamRef('keypairs', keyPair.userId);
    await this.writes.settled(await this.executor.execute(target, command, stepOf(context, 'create')));
    const { byName } = await this.executor.state(target);
    return own(byName, keyPair.name) ?? keyPair;
  }
}
