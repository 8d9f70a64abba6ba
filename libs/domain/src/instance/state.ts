import type { Instant } from '../kernel/time';
import type { LaunchRequest, OperationKind } from './events';
import type { NicSpec } from './spec';

/** nova's vm_state, as far as it is reachable here (compute.md, section 1). `absent` is before the first event. */
export type VmState = 'absent' | 'building' | 'active' | 'stopped' | 'error' | 'deleted';

/** Something that must be given back before the instance is gone, or before it may be placed anew. */
export type Debt =
  | {
      readonly id: string;
      readonly kind: 'domain';
      readonly hostId: string;
      readonly generation: number;
      /** From 1; each try has an effect id of its own. */
      readonly attempt: number;
      readonly notBefore: Instant | null;
    }
  | { readonly id: string; readonly kind: 'host-claim'; readonly hostId: string; readonly claimId: string }
  | { readonly id: string; readonly kind: 'address'; readonly networkId: string; readonly claimId: string }
  | { readonly id: string; readonly kind: 'quota' };

export interface PlacedOn {
  readonly attempt: number;
  readonly hostId: string;
  readonly hostName: string;
  readonly claimId: string;
  readonly claimed: boolean;
}

export interface Launch {
  readonly attempt: number;
  readonly excludedHosts: readonly string[];
  /** Why the last attempt failed, for the fault if none succeeds. */
  readonly lastReason: string | null;
  readonly notAfter: Instant;
}

export interface Operation {
  readonly kind: OperationKind;
  readonly operationId: string;
  readonly notAfter: Instant;
  readonly rebootType: 'soft' | 'hard' | null;
}

export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly at: Instant;
}

export interface Address extends NicSpec {
  readonly claimId: string;
}

export interface Instance {
  readonly vmState: VmState;
  /** What was asked at launch, with name and metadata as they are now. Undefined while absent. */
  readonly request: LaunchRequest | undefined;
  /** Undefined once the launch ended, well or badly. */
  readonly launch: Launch | undefined;
  readonly host: PlacedOn | undefined;
  readonly addresses: readonly Address[];
  readonly operation: Operation | undefined;
  /** Set once deletion was asked; then only debts are left to do. */
  readonly deletion: { readonly operationId: string } | undefined;
  readonly debts: readonly Debt[];
  /** Grows with each change of what the host should make true. */
  readonly generation: number;
  readonly fault: Fault | undefined;
  readonly everLaunched: boolean;
}

export const absent: Instance = {
  vmState: 'absent',
  request: undefined,
  launch: undefined,
  host: undefined,
  addresses: [],
  operation: undefined,
  deletion: undefined,
  debts: [],
  generation: 0,
  fault: undefined,
  everLaunched: false,
};

/** nova's task_state for what is under way, or null. */
export function taskState(instance: Instance): string | null {
  if (instance.deletion !== undefined && instance.vmState !== 'deleted') return 'deleting';
  if (instance.launch !== undefined) {
    if (instance.host?.claimed !== true) return 'scheduling';
    return instance.addresses.length < (instance.request?.networks.length ?? 0) ? 'networking' : 'spawning';
  }
  switch (instance.operation?.kind) {
    case 'stop':
      return 'powering-off';
    case 'start':
    case 'restore':
      return 'powering-on';
    case 'reboot':
      return instance.operation.rebootType === 'hard' ? 'rebooting_hard' : 'rebooting';
    case undefined:
      return null;
  }
}
