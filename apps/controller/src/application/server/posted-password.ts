import { streamRef } from '@cairn/domain';
import { Inject, Injectable } from '@nestjs/common';
import { hashOfPlain, type Keyring } from '../../keyring';
import type { Random } from '../../random';
import { systemContext } from '../../runtime/context';
import type { Clock, Executor } from '../../runtime/ports';
import { NO_CAUSE } from '../../runtime/snapshots';
import { CLOCK, EXECUTOR, KEYRING, RANDOM } from '../core';
import { postedPasswordAt } from './secrets';

/** How many bytes a posted password may have (nova's metadata service: four parts of 255). */
export const MOST_PASSWORD_BYTES = 1_020;

/**
 * The passwords that guests post for the owners of their servers' keys. The log holds them sealed: nothing proves that a
 * guest has encrypted what it posts.
 */
@Injectable()
export class PostedPasswords {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  /** As it was posted; null if none was, or if nobody can decrypt it any more. */
  async of(instanceId: string): Promise<string | null> {
    const { postedPassword } = await this.executor.state(streamRef('instance', instanceId));
    if (postedPassword === undefined) return null;
    return (await this.keyring.open(postedPassword, postedPasswordAt(instanceId)))?.toString() ?? null;
  }

  /**
   * Keeps what a guest posts.
   * @throws DomainError `instance.password-posted` while there is one.
   */
  async post({ instanceId, projectId }: PostingGuest, password: Buffer): Promise<void> {
    const sealed = await this.keyring.seal(`project/${projectId}`, postedPasswordAt(instanceId), password);
    const type = 'RecordPostedPassword';
    const context = {
      ...systemContext('metadata', this.random.uuid(), NO_CAUSE, this.clock, { unheard: true }),
      commandHash: hashOfPlain(this.keyring, { type, data: { password: password.toString('base64') } }),
    };
    await this.executor.execute(streamRef('instance', instanceId), { type, data: { password: sealed } }, context);
  }
}

interface PostingGuest {
  readonly instanceId: string;
  readonly projectId: string;
}
