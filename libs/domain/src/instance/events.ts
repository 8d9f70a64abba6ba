import type { Sealed } from '../kernel/sealed';
import type { Instant } from '../kernel/time';
import type { ImageSpec, InstanceFacts, NetworkSpec } from './spec';

/** The flavor as it was when the server was launched: later edits of the flavor do not change running servers. */
export interface FlavorSpec {
  readonly flavorId: string;
  readonly name: string;
  readonly vcpus: number;
  readonly ramMb: number;
  readonly rootGb: number;
  readonly ephemeralGb: number;
  readonly swapMb: number;
}

/** Everything that a launch was asked for, resolved to facts that do not change afterwards. */
export interface LaunchRequest {
  readonly instanceId: string;
  readonly projectId: string;
  readonly userId: string;
  /** The number behind `i-%08x` and `instance-%08x`. */
  readonly number: number;
  readonly reservationId: string;
  readonly launchIndex: number;
  readonly name: string;
  /** Free text for people (compute API 2.19). */
  readonly description: string | null;
  readonly hostname: string;
  readonly flavor: FlavorSpec;
  readonly image: ImageSpec;
  readonly kernel: ImageSpec | null;
  readonly ramdisk: ImageSpec | null;
  readonly keyName: string | null;
  readonly publicKey: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly userData: Sealed | null;
  readonly availabilityZone: string | null;
  readonly forcedHost: string | null;
  readonly networks: readonly NetworkChoice[];
  readonly securityGroups: readonly string[];
  /** True for OS-DCF:diskConfig AUTO, false for MANUAL. */
  readonly autoDiskConfig: boolean;
  readonly notAfter: Instant;
}

export interface NetworkChoice {
  readonly networkId: string;
  /** The fixed address that the tenant asked for, or null for any. */
  readonly address: string | null;
}

/** Version of the process that an operation runs by; `due` branches on it so that old operations end as they began. */
interface Operation {
  readonly process: 1;
  readonly operationId: string;
  readonly notAfter: Instant;
}

export type OperationKind = 'stop' | 'start' | 'reboot' | 'restore';

export type InstanceEvent =
  | { readonly type: 'instance.launch-requested.v1'; readonly data: LaunchRequest & { readonly process: 1 } }
  | { readonly type: 'instance.launch-abandoned.v1'; readonly data: { readonly instanceId: string } }
  /** Its request was cut off, and is undone: the request to delete it follows. */
  | {
      readonly type: 'instance.launch-undone.v1';
      readonly data: { readonly instanceId: string; readonly code: string; readonly message: string };
    }
  | {
      readonly type: 'instance.host-chosen.v1';
      readonly data: {
        readonly attempt: number;
        readonly hostId: string;
        readonly hostName: string;
        readonly claimId: string;
      };
    }
  | { readonly type: 'instance.host-claimed.v1'; readonly data: { readonly claimId: string } }
  | {
      readonly type: 'instance.host-refused.v1';
      readonly data: { readonly claimId: string; readonly code: string; readonly message: string };
    }
  | {
      readonly type: 'instance.address-allocated.v1';
      readonly data: {
        readonly claimId: string;
        readonly address: string;
        readonly mac: string;
        readonly network: NetworkSpec;
      };
    }
  | {
      readonly type: 'instance.launch-attempt-failed.v1';
      readonly data: {
        readonly attempt: number;
        readonly hostId: string;
        readonly code: string;
        readonly message: string;
      };
    }
  | {
      readonly type: 'instance.launched.v1';
      readonly data: { readonly hostId: string; readonly hostName: string; readonly facts: InstanceFacts };
    }
  | { readonly type: 'instance.launch-failed.v1'; readonly data: { readonly code: string; readonly message: string } }
  | { readonly type: 'instance.stop-requested.v1'; readonly data: Operation }
  | { readonly type: 'instance.start-requested.v1'; readonly data: Operation }
  | {
      readonly type: 'instance.reboot-requested.v1';
      readonly data: Operation & { readonly rebootType: 'soft' | 'hard' };
    }
  /** Its host's agent started anew: what should run must be made to run again (HOST.md, Start and reboot). */
  | { readonly type: 'instance.host-restarted.v1'; readonly data: Operation & { readonly bootId: string } }
  | {
      readonly type: 'instance.stopped.v1';
      readonly data: { readonly operationId: string; readonly facts: InstanceFacts };
    }
  | {
      readonly type: 'instance.started.v1';
      readonly data: { readonly operationId: string; readonly facts: InstanceFacts };
    }
  | {
      readonly type: 'instance.rebooted.v1';
      readonly data: { readonly operationId: string; readonly facts: InstanceFacts };
    }
  | {
      readonly type: 'instance.restored.v1';
      readonly data: { readonly operationId: string; readonly facts: InstanceFacts };
    }
  | {
      readonly type: 'instance.operation-failed.v1';
      readonly data: {
        readonly operationId: string;
        readonly kind: OperationKind;
        readonly code: string;
        readonly message: string;
      };
    }
  | { readonly type: 'instance.renamed.v1'; readonly data: { readonly name: string } }
  | { readonly type: 'instance.described.v1'; readonly data: { readonly description: string | null } }
  | {
      readonly type: 'instance.metadata-replaced.v1';
      readonly data: { readonly metadata: Readonly<Record<string, string>> };
    }
  | {
      readonly type: 'instance.deletion-requested.v1';
      readonly data: { readonly process: 1; readonly operationId: string };
    }
  /** One thing that the instance held is given back: a domain on a host, a claim, an address, its quota. */
  | { readonly type: 'instance.released.v1'; readonly data: { readonly debtId: string; readonly kind: DebtKind } }
  /** The host could not remove the domain: it stays owed and is tried again, as a new attempt. */
  | {
      readonly type: 'instance.removal-failed.v1';
      readonly data: {
        readonly debtId: string;
        readonly attempt: number;
        readonly code: string;
        readonly message: string;
      };
    }
  | { readonly type: 'instance.deleted.v1'; readonly data: { readonly instanceId: string } };

export type DebtKind = 'domain' | 'host-claim' | 'address' | 'quota';
