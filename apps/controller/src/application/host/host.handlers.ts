import { streamRef, type HostCommand } from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EXECUTOR, ReadYourWrites, stepOf } from '../core';
import type { CommandContext, Executor } from '../../runtime/ports';

/** Whether the scheduler may place servers on a host. What runs there goes on running. */
export class EnableHost extends Command<void> {
  constructor(
    readonly hostId: string,
    readonly enabled: boolean,
    /** Why it is disabled, for people. */
    readonly reason: string | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(EnableHost)
export class EnableHostHandler implements ICommandHandler<EnableHost> {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {}

  /** @throws DomainError `host.not-found`. */
  async execute({ hostId, enabled, reason, context }: EnableHost): Promise<void> {
    const command: HostCommand = enabled ? { type: 'EnableHost', data: {} } : { type: 'DisableHost', data: { reason } };
    const target = streamRef('host', hostId);
    await this.writes.settled(await this.executor.execute(target, command, stepOf(context, 'enable')));
  }
}
