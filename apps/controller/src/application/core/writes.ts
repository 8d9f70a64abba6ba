import type { Answer, Category, CommandOf, StreamOf } from '@cairn/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Executor } from '../../runtime/ports';
import { EXECUTOR } from './core';
import { ReadYourWrites } from './read-your-writes';

/** For writes that are one command to one aggregate; a write that takes more has a handler of its own. */
@Injectable()
export class Writes {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly readYourWrites: ReadYourWrites,
  ) {}

  /** Gives the command to the stream and lets the read model follow. @throws DomainError when it is refused. */
  async execute<C extends Category, M extends CommandOf<C>>(
    target: StreamOf<C>,
    command: M,
    context: CommandContext,
  ): Promise<Answer<C, M['type']>> {
    const executed = await this.executor.execute(target, command, context);
    await this.readYourWrites.settled(executed);
    return executed.answer;
  }
}
