import { DomainError } from '@cairn/domain';
import { diagnosticsOf, type GuestDiagnostics } from '@cairn/host-protocol';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AskGuest } from './ask-guest';

/** How the guest of a server does, as its host counts. Changes nothing. */
export class ReadDiagnostics extends Command<GuestDiagnostics> {
  constructor(
    readonly instanceId: string,
    /** The project that must own the server; null for administrators. */
    readonly projectId: string | null,
  ) {
    super();
  }
}

/** nova's words for powers. */
const POWER_WORDS: Readonly<Record<GuestDiagnostics['power'], string>> = {
  running: 'running',
  paused: 'paused',
  stopped: 'shutdown',
  suspended: 'suspended',
  absent: 'pending',
};

@CommandHandler(ReadDiagnostics)
export class ReadDiagnosticsHandler implements ICommandHandler<ReadDiagnostics> {
  constructor(private readonly guests: AskGuest) {}

  /** @throws DomainError as `AskGuest.ask`, and `instance.invalid-state` for a guest that does not run. */
  async execute({ instanceId, projectId }: ReadDiagnostics): Promise<GuestDiagnostics> {
    const answer = await this.guests.ask(instanceId, projectId, 'read-diagnostics', {});
    const found = diagnosticsOf(answer);
    if (found === undefined)
      throw new DomainError('unavailable', 'host.no-reply', 'The host of the instance gave an answer that is none.');
    if (found.power === 'running') return found;
    const word = POWER_WORDS[found.power];
    const message = `Cannot 'get_diagnostics' instance ${instanceId} while it is in power state ${word}`;
    throw new DomainError('conflict', 'instance.invalid-state', message);
  }
}
