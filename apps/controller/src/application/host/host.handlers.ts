import { DomainError, type HostCommand, streamRef } from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Random } from '../../random';
import { NoReply, type ReplyBroker } from '../../runtime/replies';
import { EXECUTOR, RANDOM, ReadYourWrites, REPLIES, stepOf } from '../core';
import type { CommandContext, Executor } from '../../runtime/ports';

/** What an administrator says of a host. */
type Statement = Extract<HostCommand, { type: 'EnableHost' | 'DisableHost' | 'ForceHostDown' | 'ClearForceDown' }>;

/** Whether the scheduler may place servers on a host. What runs there goes on running. */
export class StateOfHost extends Command<void> {
  constructor(
    readonly hostId: string,
    readonly statement: Statement,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(StateOfHost)
export class StateOfHostHandler implements ICommandHandler<StateOfHost> {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {}

  /** @throws DomainError `host.not-found`. */
  async execute({ hostId, statement, context }: StateOfHost): Promise<void> {
    const target = streamRef('host', hostId);
    await this.writes.settled(await this.executor.execute(target, statement, stepOf(context, 'state')));
  }
}

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
    const resource = { category: 'host', id: hostId };
    const query = { kind: 'read-uptime', requestId: this.random.uuid(), resource, payload: {} } as const;
    try {
      return await this.replies.ask(hostId, query, PATIENCE_MS);
    } catch (error) {
      if (!(error instanceof NoReply)) throw error;
      throw new DomainError('unavailable', 'host.no-reply', 'The host did not answer in time.');
    }
  }
}
