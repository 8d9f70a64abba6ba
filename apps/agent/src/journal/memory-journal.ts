import type { StreamRef } from '@cairn/domain';

import type { Begun, Journal, Outcome, Present } from './journal';
import { JournalState } from './journal-state';

/** The journal in memory, for the simulation: the object is the host's disk and outlives the agent's process. */
export class MemoryJournal implements Journal {
  private readonly state = new JournalState();

  outcome(effectId: string): Promise<Outcome | undefined> {
    return Promise.resolve(this.state.outcome(effectId));
  }

  begun(effectId: string): Promise<Begun | undefined> {
    return Promise.resolve(this.state.begun(effectId));
  }

  generation(resource: StreamRef): Promise<number | undefined> {
    return Promise.resolve(this.state.generation(resource));
  }

  present(): Promise<readonly Present[]> {
    return Promise.resolve(this.state.present());
  }

  begin(begun: Begun): Promise<void> {
    this.state.apply({ kind: 'begun', begun });
    return Promise.resolve();
  }

  settle(outcome: Outcome): Promise<Outcome> {
    this.state.apply({ kind: 'settled', outcome });
    return Promise.resolve(this.state.outcome(outcome.effectId) ?? outcome);
  }

  prune(now: string): Promise<void> {
    this.state.prune(now);
    return Promise.resolve();
  }

  /** The host's disk stays when the process ends. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
