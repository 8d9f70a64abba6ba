import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AskGuest } from './ask-guest';

/** The last lines of what a server wrote to its console, as its host has them. Changes nothing. */
export class ReadConsole extends Command<string> {
  constructor(
    readonly instanceId: string,
    /** The project that must own the server; null for administrators. */
    readonly projectId: string | null,
    /** How many lines; null: all that is kept. */
    readonly lines: number | null,
  ) {
    super();
  }
}

@CommandHandler(ReadConsole)
export class ReadConsoleHandler implements ICommandHandler<ReadConsole> {
  constructor(private readonly guests: AskGuest) {}

  /** @throws DomainError as `AskGuest.ask`. */
  execute({ instanceId, projectId, lines }: ReadConsole): Promise<string> {
    return this.guests.ask(instanceId, projectId, 'read-console', { lines });
  }
}
