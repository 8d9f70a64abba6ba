import type { JobStep, Restarted } from '../../kernel/effect';
import type { Instant } from '../../kernel/time';
import type { Amounts } from '../../quota/resources';
import type { HostOperationName } from '../operations';
import type { InstanceFacts } from '../spec';
import type { TaskState } from '../states';

interface OfOperation {
  readonly operationId: string;
}

interface Reason {
  readonly code: string;
  readonly message: string;
}

export interface MoveCommands {
  readonly RecordReservationChanged: OfOperation & { readonly amounts: Amounts };
}

export interface MoveEvents {
  readonly 'instance.reservation-changed.v1': OfOperation & { readonly amounts: Amounts };
  /** @param leg that begins now, from 0. */
  readonly 'instance.operation-advanced.v1': OfOperation & {
    readonly kind: HostOperationName;
    readonly leg: number;
    readonly facts: InstanceFacts;
    /** Absent: the leg's. */
    readonly task?: TaskState;
  };
  /** The host has told that it is so far with the leg under way. */
  readonly 'instance.operation-progressed.v1': OfOperation & {
    readonly kind: HostOperationName;
    readonly step: JobStep;
    readonly task: TaskState;
  };
  readonly 'instance.move-attempt-failed.v1': OfOperation &
    Reason & { readonly kind: HostOperationName; readonly attempt: number; readonly hostId: string };
  /** @param notAfter when the host must have made true again what was before. */
  readonly 'instance.operation-undoing.v1': OfOperation &
    Reason & { readonly kind: HostOperationName; readonly notAfter: Instant };
  /** @param notAfter when the guest should have been brought up again. */
  readonly 'instance.host-restart-noted.v1': OfOperation & Restarted;
}
