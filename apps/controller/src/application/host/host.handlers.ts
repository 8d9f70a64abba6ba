import { DomainError, streamRef } from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Random } from '../../random';
import { NoReply, type ReplyBroker } from '../../runtime/replies';
import { RANDOM, REPLIES } from '../core';

const PATIENCE_MS = 10_000;

/** How long a host has been up, in the words of its `uptime` command. Changes nothing. */
export class ReadUptime extends Command<string> {
  constructor(readonly hostId: string) {
    super();
  }
}

@CommandHandler(ReadUptime)
export class ReadUptimeHandler implements ICommandHandler<ReadUptime> {
  constructor(
    @Inject(REPLIES) private readonly replies: ReplyBroker,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  /** @throws DomainError `unavailable` when the host is silent. */
  async execute({ hostId }: ReadUptime): Promise<string> {
    const resource = streamRef('host', hostId);
    const query = { kind: 'read-uptime', requestId: this.random.uuid(), resource, payload: {} } as const;
    try {
      return await this.replies.ask(hostId, query, PATIENCE_MS);
    } catch (error) {
      if (!(error instanceof NoReply)) throw error;
      throw new DomainError('unavailable', 'host.no-reply', 'The host did not answer in time.');
    }
  }
}
