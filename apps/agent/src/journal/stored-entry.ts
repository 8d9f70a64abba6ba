import { type Message, upcast } from '@cairn/domain';
import type { InstanceSpec, JobResult } from '@cairn/host-protocol';

import type { Begun, Outcome } from './journal';
import type { JournalEntry } from './journal-state';

/** Lines as 0.1 wrote them, when every job was about an instance and the journal kept its whole spec. */
type OldEntry =
  | {
      readonly kind: 'begun';
      readonly begun: Omit<Begun, 'resource' | 'images' | 'before'> & {
        readonly instanceId: string;
        readonly spec: InstanceSpec | null;
        readonly incarnation: string | null;
      };
    }
  | {
      readonly kind: 'settled';
      readonly outcome: Omit<Outcome, 'resource' | 'event'> & { readonly instanceId: string; readonly event: Message };
    }
  | {
      readonly kind: 'instance';
      readonly instanceId: string;
      readonly instance: { readonly generation: number; readonly at: string; readonly spec: InstanceSpec | null };
    };

/** What a journal's file may hold: what this release writes and what earlier ones wrote. */
export type StoredEntry = JournalEntry | OldEntry;

const instance = (id: string): Begun['resource'] => ({ category: 'instance', id });

const imagesOf = (spec: InstanceSpec | null): readonly string[] | null =>
  spec && [spec.image, spec.kernel, spec.ramdisk].flatMap((image) => (image === null ? [] : [image.sha256]));

/** An entry as this release writes it. */
export function newestEntry(entry: StoredEntry): JournalEntry {
  switch (entry.kind) {
    case 'begun': {
      if (!('instanceId' in entry.begun)) return { kind: 'begun', begun: entry.begun };
      const { instanceId, spec, incarnation, ...rest } = entry.begun;
      const begun = { ...rest, resource: instance(instanceId), images: imagesOf(spec), before: incarnation };
      return { kind: 'begun', begun };
    }
    case 'settled': {
      if (!('instanceId' in entry.outcome)) return { kind: 'settled', outcome: entry.outcome };
      const { instanceId, event, ...rest } = entry.outcome;
      // an outcome of 0.1 is appended again, when its job is repeated, in the form in which it is read anyway
      return {
        kind: 'settled',
        outcome: { ...rest, resource: instance(instanceId), event: upcast(event) as JobResult },
      };
    }
    case 'instance': {
      const { generation, at, spec } = entry.instance;
      return {
        kind: 'resource',
        resource: instance(entry.instanceId),
        newest: { generation, at, images: imagesOf(spec) },
      };
    }
    case 'resource':
      return entry;
  }
}
