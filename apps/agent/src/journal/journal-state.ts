import { streamName, type StreamRef } from '@cairn/domain';

import type { Begun, Outcome, Present } from './journal';

/** A line of the journal. `resource` stands for begun jobs that a compaction has forgotten. */
export type JournalEntry =
  | { readonly kind: 'begun'; readonly begun: Begun }
  | { readonly kind: 'settled'; readonly outcome: Outcome }
  | { readonly kind: 'resource'; readonly resource: StreamRef; readonly newest: Newest };

/** What the newest job asked for. */
type Newest = Pick<Begun, 'generation' | 'at' | 'images'>;

interface EffectRecord {
  readonly begun?: Begun;
  readonly outcome?: Outcome;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Outcomes live as long as their job may be repeated: BullMQ and the controller repeat within minutes. */
const KEEP_OUTCOMES_MS = DAY_MS;
/** Generations of removed resources, and jobs that never came back to be ended, live longer: they are small. */
const KEEP_GENERATIONS_MS = 30 * DAY_MS;

/** The journal folded: one rule for both stores. */
export class JournalState {
  private readonly resources = new Map<string, { readonly resource: StreamRef; readonly newest: Newest }>();
  private readonly effects = new Map<string, EffectRecord>();

  apply(entry: JournalEntry): void {
    switch (entry.kind) {
      case 'begun':
        this.applyBegun(entry.begun);
        return;
      case 'settled':
        this.applySettled(entry.outcome);
        return;
      case 'resource':
        this.note(entry.resource, entry.newest);
        return;
    }
  }

  private applyBegun(begun: Begun): void {
    const { effectId, resource, generation, at, images } = begun;
    const known = this.effects.get(effectId);
    if (known?.begun === undefined) this.effects.set(effectId, { ...known, begun });
    if (generation >= (this.generation(resource) ?? generation)) this.note(resource, { generation, at, images });
  }

  private note(resource: StreamRef, newest: Newest): void {
    this.resources.set(streamName(resource), { resource, newest });
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

  generation(resource: StreamRef): number | undefined {
    return this.resources.get(streamName(resource))?.newest.generation;
  }

  present(): readonly Present[] {
    return [...this.resources.values()].flatMap(({ resource, newest: { images } }) =>
      images === null ? [] : [{ resource, images }],
    );
  }

  /**
   * Forgets outcomes of a day ago, except the newest of a resource that is still here: its job may be asked for again
   * at any time. Forgets generations of resources removed 30 days ago.
   */
  prune(now: string): void {
    const older = (at: string, ms: number): boolean => Date.parse(at) + ms <= Date.parse(now);
    for (const [id, { begun, outcome }] of this.effects) {
      const entry = outcome ?? begun;
      if (entry === undefined) continue;
      const { resource, generation, at } = entry;
      const newest = this.resources.get(streamName(resource))?.newest;
      const current = newest !== undefined && newest.images !== null && newest.generation <= generation;
      if (!current && older(at, outcome === undefined ? KEEP_GENERATIONS_MS : KEEP_OUTCOMES_MS))
        this.effects.delete(id);
    }
    for (const [name, { newest }] of this.resources) {
      if (newest.images === null && older(newest.at, KEEP_GENERATIONS_MS)) this.resources.delete(name);
    }
  }

  /** The entries from which the same state folds again. */
  *entries(): IterableIterator<JournalEntry> {
    for (const { begun, outcome } of this.effects.values()) {
      if (begun !== undefined) yield { kind: 'begun', begun };
      if (outcome !== undefined) yield { kind: 'settled', outcome };
    }
    for (const { resource, newest } of this.resources.values()) yield { kind: 'resource', resource, newest };
  }

  get size(): number {
    return this.resources.size + 2 * this.effects.size;
  }
}
