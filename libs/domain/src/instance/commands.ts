import type { InstanceFacts, NetworkSpec } from './spec';
import type { LaunchRequest } from './events';
import type { Restarted } from '../kernel/effect';
import type { AbandonCreation, UndoCreation } from '../kernel/reservations';
import type { Instant } from '../kernel/time';

interface Ends {
  readonly notAfter: Instant;
}

/** How a job ended on its host, which may have started anew before it could say so. */
interface Ended {
  readonly facts: InstanceFacts;
  readonly restarted: Restarted | null;
}

export type InstanceCommand =
  /** `instanceId` and all choices of the tenant resolved; refused when the stream exists. */
  | { readonly type: 'LaunchInstance'; readonly data: LaunchRequest }
  | AbandonCreation
  | UndoCreation
  | { readonly type: 'StopInstance'; readonly data: Ends }
  | { readonly type: 'StartInstance'; readonly data: Ends }
  | { readonly type: 'RebootInstance'; readonly data: Ends & { readonly rebootType: 'soft' | 'hard' } }
  | { readonly type: 'DeleteInstance'; readonly data: Record<string, never> }
  | { readonly type: 'RenameInstance'; readonly data: { readonly name: string } }
  | { readonly type: 'DescribeInstance'; readonly data: { readonly description: string | null } }
  | { readonly type: 'ReplaceMetadata'; readonly data: { readonly metadata: Readonly<Record<string, string>> } }
  /** Sets and removes items, leaving others as they are. More items than `limit` are refused; -1 is no limit. */
  | {
      readonly type: 'ChangeMetadata';
      readonly data: {
        readonly set: Readonly<Record<string, string>>;
        readonly remove: readonly string[];
        readonly limit: number;
      };
    }
  | {
      readonly type: 'RecordHostChosen';
      readonly data: { readonly attempt: number; readonly hostId: string; readonly hostName: string };
    }
  | { readonly type: 'RecordHostClaimed'; readonly data: { readonly claimId: string } }
  | {
      readonly type: 'RecordHostRefused';
      readonly data: { readonly claimId: string; readonly code: string; readonly message: string };
    }
  | {
      readonly type: 'RecordAddressAllocated';
      readonly data: {
        readonly claimId: string;
        readonly address: string;
        readonly mac: string;
        readonly network: NetworkSpec;
      };
    }
  | { readonly type: 'RecordLaunched'; readonly data: Ended & { readonly generation: number } }
  | {
      readonly type: 'RecordAttemptFailed';
      readonly data: {
        readonly generation: number;
        readonly code: string;
        readonly message: string;
        readonly permanent: boolean;
      };
    }
  | { readonly type: 'FailLaunch'; readonly data: { readonly code: string; readonly message: string } }
  | { readonly type: 'RecordHostRestarted'; readonly data: Ends & { readonly hostId: string; readonly bootId: string } }
  | { readonly type: 'RecordOperationDone'; readonly data: Ended & { readonly operationId: string } }
  | {
      readonly type: 'RecordOperationFailed';
      readonly data: { readonly operationId: string; readonly code: string; readonly message: string };
    }
  | { readonly type: 'RecordReleased'; readonly data: { readonly debtId: string } }
  | {
      readonly type: 'RecordRemovalFailed';
      readonly data: {
        readonly debtId: string;
        readonly attempt: number;
        readonly code: string;
        readonly message: string;
      };
    };
