import type { InstanceSpec } from '@cairn/host-protocol';

import type { Begun, Outcome } from './journal';

/** A line of the journal. `instance` stands for begun jobs that a compaction has forgotten. */
export type JournalEntry =
  | { readonly kind: 'begun'; readonly begun: Begun }
  | { readonly kind: 'settled'; readonly outcome: Outcome }
  | { readonly kind: 'instance'; readonly instanceId: string; readonly instance: InstanceRecord };

interface InstanceRecord {
  readonly generation: number;
  readonly at: string;
  readonly spec: InstanceSpec | null;
}

interface EffectRecord {
  readonly begun?: Begun;
  readonly outcome?: Outcome;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Outcomes live as long as their job may be repeated: BullMQ and the controller repeat within minutes. */
const KEEP_OUTCOMES_MS = DAY_MS;
/** Generations of removed instances, and jobs that never came back to be ended, live longer: they are small. */
const KEEP_GENERATIONS_MS = 30 * DAY_MS;

/** The journal folded: one rule for both stores. */
export class JournalState {
  private readonly instances = new Map<string, InstanceRecord>();
  private readonly effects = new Map<string, EffectRecord>();

  apply(entry: JournalEntry): void {
    switch (entry.kind) {
      case 'begun':
        this.applyBegun(entry.begun);
        return;
      case 'settled':
        this.applySettled(entry.outcome);
        return;
      case 'instance':
        this.instances.set(entry.instanceId, entry.instance);
        return;
    }
  }

  private applyBegun(begun: Begun): void {
    const { effectId, instanceId, generation, at, spec } = begun;
    const known = this.effects.get(effectId);
    if (known?.begun === undefined) this.effects.set(effectId, { ...known, begun });
    const newest = this.instances.get(instanceId);
    if (newest === undefined || generation >= newest.generation) {
      this.instances.set(instanceId, { generation, at, spec });
    }
  }

  private applySettled(outcome: Outcome): void {
    const known = this.effects.get(outcome.effectId);
    if (known?.outcome === undefined) this.effects.set(outcome.effectId, { ...known, outcome });
  }

  outcome(effectId: string): Outcome | undefined {
    return this.effects.get(effectId)?.outcome;
  }

  begun(effectId: string): Begun | undefined {
    return this.effects.get(effectId)?.begun;
  }

  generation(instanceId: string): number | undefined {
    return this.instances.get(instanceId)?.generation;
  }

  specs(): readonly InstanceSpec[] {
    return [...this.instances.values()].flatMap(({ spec }) => (spec === null ? [] : [spec]));
  }

  /**
   * Forgets outcomes of a day ago, except the newest of an instance that is still here: its job may be asked for again
   * at any time. Forgets generations of instances removed 30 days ago.
   */
  prune(now: string): void {
    const older = (at: string, ms: number): boolean => Date.parse(at) + ms <= Date.parse(now);
    for (const [id, { begun, outcome }] of this.effects) {
      const { instanceId, generation, at } = outcome ?? begun ?? { instanceId: '', generation: 0, at: now };
      const instance = this.instances.get(instanceId);
      const current = instance !== undefined && instance.spec !== null && instance.generation <= generation;
      if (!current && older(at, outcome === undefined ? KEEP_GENERATIONS_MS : KEEP_OUTCOMES_MS))
        this.effects.delete(id);
    }
    for (const [id, { spec, at }] of this.instances) {
      if (spec === null && older(at, KEEP_GENERATIONS_MS)) this.instances.delete(id);
    }
  }

  /** The entries from which the same state folds again. */
  *entries(): IterableIterator<JournalEntry> {
    for (const { begun, outcome } of this.effects.values()) {
      if (begun !== undefined) yield { kind: 'begun', begun };
      if (outcome !== undefined) yield { kind: 'settled', outcome };
    }
    for (const [instanceId, instance] of this.instances) yield { kind: 'instance', instanceId, instance };
  }

  get size(): number {
    return this.instances.size + 2 * this.effects.size;
  }
}
