import type { StreamOf } from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EXECUTOR, ReadYourWrites, stepOf } from '../core';
import type { CommandContext, Executor } from '../../runtime/ports';

/** Changes limits of a project, or of the class of all projects; null is back to the default. */
export class SetQuotaLimits extends Command<void> {
  constructor(
    readonly target: StreamOf<'quota'>,
    readonly limits: Readonly<Record<string, number | null>>,
    /** Also below what is in use. */
    readonly force: boolean,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(SetQuotaLimits)
export class SetQuotaLimitsHandler implements ICommandHandler<SetQuotaLimits> {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {}

  /** @throws DomainError `quota.below-usage`. */
  async execute({ target, limits, force, context }: SetQuotaLimits): Promise<void> {
    const command = { type: 'SetQuotaLimits', data: { limits, force } } as const;
    await this.writes.settled(await this.executor.execute(target, command, stepOf(context, 'set')));
  }
}
