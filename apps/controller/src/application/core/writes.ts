import type { Answer, Category, CommandOf, StreamOf } from '@cairn/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Executor } from '../../runtime/ports';
import { EXECUTOR } from './core';
import { ReadYourWrites } from './read-your-writes';
import { RequestKeys } from './request-keys';

/** Writes that are one command to one aggregate. A write of several commands has a handler instead. */
@Injectable()
export class Writes {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly readYourWrites: ReadYourWrites,
    private readonly keys: RequestKeys,
  ) {}

  /**
   * Executes the command and waits for the read model.
   * @throws DomainError if the aggregate refuses it.
   */
  async execute<C extends Category, M extends CommandOf<C>>(
    target: StreamOf<C>,
    command: M,
    context: CommandContext,
  ): Promise<Answer<C, M['type']>> {
    await this.keys.use(context);
    const executed = await this.executor.execute(target, command, context);
    await this.readYourWrites.settled(executed);
    return executed.answer;
  }
}
