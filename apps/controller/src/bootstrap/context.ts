import { deriveId, later } from '@cairn/domain';
import type { Core } from '../application/core';
import { type CommandContext, SYSTEM } from '../runtime/ports';

/** The event store may come up at the same time as the controller. */
const PATIENCE_MS = 60_000;

/** What bootstrap needs of a controller. */
export type BootstrapCore = Pick<
  Core,
  'clock' | 'config' | 'executor' | 'keyring' | 'log' | 'passwords' | 'random' | 'readModel'
>;

/** Contexts of the commands of one bootstrap: each step has the same command id at every start. */
export function bootstrapContexts({ clock, random }: BootstrapCore): (...step: readonly string[]) => CommandContext {
  const requestId = `req-${random.uuid()}`;
  return (...step) => {
    const commandId = deriveId('bootstrap', ...step);
    return {
      commandId,
      actor: SYSTEM,
      api: 'bootstrap',
      requestId,
      clientAddress: null,
      correlationId: commandId,
      causationId: commandId,
      deadline: later(clock.now(), PATIENCE_MS),
    };
  };
}
