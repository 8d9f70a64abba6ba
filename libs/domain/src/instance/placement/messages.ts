import type { Capacity } from '../../host/events';
import type { Selection } from '../../kernel/selection';
import type { HostOperationName } from '../operations';
import type { Purpose } from './placement';

interface Choice {
  readonly attempt: number;
  readonly hostId: string;
  readonly hostName: string;
  /** What the host may give out in all, where the scheduler's settings say; absent: by the host's own rule. */
  readonly limits?: Partial<Capacity>;
  /** Why this host. Absent in old logs. */
  readonly selection?: Selection;
}

interface Claim {
  readonly claimId: string;
}

interface HostRefusal extends Claim {
  readonly code: string;
  readonly message: string;
}

export interface PlacementCommands {
  readonly RecordHostChosen: Choice;
  readonly RecordHostClaimed: Claim;
  readonly RecordHostRefused: HostRefusal;
}

/** Absent: the launch. */
interface PlacedFor {
  readonly kind?: HostOperationName;
}

export interface PlacementEvents {
  readonly 'instance.host-chosen.v2': Choice & Claim & { readonly purpose: Purpose };
  readonly 'instance.host-claimed.v1': Claim & PlacedFor;
  readonly 'instance.host-refused.v1': HostRefusal & PlacedFor;
}
