import type { Instant } from '../kernel/time';
import type { QuotaLimits } from './limits';

export type QuotaCommand =
  /** Limits that are named change; null means back to the default. */
  | {
      readonly type: 'SetQuotaLimits';
      readonly data: {
        readonly limits: Readonly<Partial<Record<keyof QuotaLimits, number | null>>>;
        /** Also below what is in use (nova: force). */
        readonly force: boolean;
      };
    }
  | {
      readonly type: 'ReserveQuota';
      readonly data: { readonly items: readonly { instanceId: string; cores: number; ramMb: number }[] };
    }
  | { readonly type: 'ConfirmQuota'; readonly data: { readonly instanceIds: readonly string[] } }
  | { readonly type: 'ReleaseQuota'; readonly data: { readonly instanceId: string } }
  /** Settling found that the launch of a server that is reserved for has begun. */
  | { readonly type: 'RecordLaunchFound'; readonly data: { readonly instanceId: string } }
  /** Settling found that it has not, and saw to it that it never will. */
  | { readonly type: 'RecordLaunchMissing'; readonly data: { readonly instanceId: string } };

export type QuotaEvent =
  | {
      readonly type: 'quota.limits-set.v1';
      readonly data: { readonly limits: Readonly<Partial<Record<keyof QuotaLimits, number | null>>> };
    }
  | {
      readonly type: 'quota.reserved.v1';
      readonly data: {
        readonly items: readonly { instanceId: string; cores: number; ramMb: number }[];
        readonly settleAfter: Instant;
      };
    }
  | { readonly type: 'quota.confirmed.v1'; readonly data: { readonly instanceIds: readonly string[] } }
  /** One server of a request was launched; whether all of them were is not known yet. */
  | { readonly type: 'quota.launch-found.v1'; readonly data: { readonly instanceId: string } }
  /** Another server of the same request was never launched: these are undone, whether they were or not. */
  | { readonly type: 'quota.undo-requested.v1'; readonly data: { readonly instanceIds: readonly string[] } }
  | { readonly type: 'quota.released.v1'; readonly data: { readonly instanceId: string } };
