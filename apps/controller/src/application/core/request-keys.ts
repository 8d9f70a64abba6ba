import { deriveId, streamRef } from '@cairn/domain';
import { Inject, Injectable } from '@nestjs/common';
import { hashOfPlain, type Keyring } from '../../keyring';
import type { CommandContext, Executor } from '../../runtime/ports';
import { EXECUTOR, KEYRING } from './core';

/**
 * Repeats by key: the first request that bears a key writes down, before anything else, what it asks for; one that asks
 * for something else by the same key is refused. Every command of every façade passes here (`CommandBus`, `Writes`).
 */
@Injectable()
export class RequestKeys {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(KEYRING) private readonly keyring: Pick<Keyring, 'mac'>,
  ) {}

  /** @throws DomainError `request.key-reused` */
  async use({ keyed, ...context }: CommandContext): Promise<void> {
    if (keyed === undefined) return;
    const requestHash = hashOfPlain(this.keyring, keyed.asked);
    const commandId = deriveId(keyed.id, 'use-key', requestHash); // one of its own for each thing asked for
    const command = { type: 'UseKey', data: { requestHash } } as const;
    await this.executor.execute(streamRef('request', keyed.id), command, { ...context, commandId });
  }
}
