/** What an agent appends to its own stream `agent-<host id>`. The controller checks each before it becomes history. */

import type { InstanceFacts, Inventory } from '@cairn/domain';

export type { InstanceFacts, Inventory };

/** `image.unusable`, `image.missing`, `disk.failed`, `network.failed`, `hypervisor.failed`, `agent.internal`. */
export type JobFailureCode =
  'image.unusable' | 'image.missing' | 'disk.failed' | 'network.failed' | 'hypervisor.failed' | 'agent.internal';

interface ResultBase {
  readonly effectId: string;
  readonly instanceId: string;
  readonly generation: number;
  readonly bootId: string;
}

export type AgentEvent =
  | {
      readonly type: 'agent.started.v1';
      /** A new id for every start of the agent: it covers a restart of the agent, of libvirt and of the machine alike. */
      readonly data: { readonly hostId: string; readonly bootId: string; readonly inventory: Inventory };
    }
  | { readonly type: 'agent.job-succeeded.v1'; readonly data: ResultBase & { readonly facts: InstanceFacts } }
  | {
      readonly type: 'agent.job-failed.v1';
      readonly data: ResultBase & {
        readonly code: JobFailureCode;
        readonly message: string;
        /** True when no host could do better (an unusable image), so that trying another is pointless. */
        readonly permanent: boolean;
      };
    }
  | { readonly type: 'agent.job-superseded.v1'; readonly data: ResultBase & { readonly newestGeneration: number } }
  | {
      /** Something on the host that the log does not know. Reported, never silently deleted (HOST.md). */
      readonly type: 'agent.drift-detected.v1';
      readonly data: { readonly hostId: string; readonly bootId: string; readonly kind: string; readonly name: string };
    };
