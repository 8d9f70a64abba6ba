import { type Amounts, streamRef } from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EXECUTOR, ReadYourWrites, stepOf } from '../core';
import type { CommandContext, Executor } from '../../runtime/ports';

/** Changes limits of a project; null is back to the default. Answers with all limits as they are then. */
export class SetQuotaLimits extends Command<Amounts> {
  constructor(
    readonly projectId: string,
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
  async execute({ projectId, limits, force, context }: SetQuotaLimits): Promise<Amounts> {
    const target = streamRef('quota', projectId);
    const command = { type: 'SetQuotaLimits', data: { limits, force } } as const;
    const executed = await this.executor.execute(target, command, stepOf(context, 'set'));
    await this.writes.settled(executed);
    return executed.answer.limits;
  }
}
