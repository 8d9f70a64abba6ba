import type { StreamRef } from '../kernel/aggregate';
import type { Instant } from '../kernel/time';
import type { Amounts } from './resources';
import type { Reservation } from './state';

/** Limits by resource name; null restores the default. */
type LimitChanges = Readonly<Record<string, number | null>>;

export interface ReservationChange {
  readonly owner: StreamRef;
  readonly amounts: Amounts;
  /** Grows with each change of the owner's: a change that comes after a later one is ignored. */
  readonly version: number;
}

interface Owned {
  readonly owner: StreamRef;
}

export type QuotaCommand =
  | {
      readonly type: 'SetQuotaLimits';
      readonly data: {
        /** Limits that are not named stay as they are. */
        readonly limits: LimitChanges;
        /** Accepts limits below the current usage, too (nova: force). */
        readonly force: boolean;
      };
    }
  /** Limits of one user within the project, which hold beside the project's own. */
  | {
      readonly type: 'SetUserQuotaLimits';
      readonly data: {
        readonly userId: string;
        readonly limits: LimitChanges;
        /** Accepts limits below the user's usage, and beyond what the project's other users leave. */
        readonly force: boolean;
        readonly classLimits?: Amounts;
      };
    }
  /** Reserves for all owners or for none; an owner that has a reservation keeps it. */
  | {
      readonly type: 'ReserveQuota';
      readonly data: {
        readonly reservations: readonly Reservation[];
        /** Limits that were set for all projects (`QUOTA_CLASS`), for those resources for which the project has none. */
        readonly classLimits?: Amounts;
      };
    }
  /** Changes what an owner's reservation holds; what is not named stays. Refused if more is asked for than there is. */
  | {
      readonly type: 'ChangeReservation';
      readonly data: ReservationChange & { readonly classLimits?: Amounts };
    }
  /** The same after the owner's change has ended: it holds what the owner uses, whatever the limits are by now. */
  | { readonly type: 'SettleReservation'; readonly data: ReservationChange }
  | { readonly type: 'ConfirmQuota'; readonly data: { readonly owners: readonly StreamRef[] } }
  | { readonly type: 'ReleaseQuota'; readonly data: Owned }
  /** Settling found that the owner exists. */
  | { readonly type: 'RecordOwnerFound'; readonly data: Owned }
  /** Settling found that the owner does not exist, and made sure that it never will. */
  | { readonly type: 'RecordOwnerMissing'; readonly data: Owned };

export type QuotaEvent =
  | { readonly type: 'quota.limits-set.v2'; readonly data: { readonly limits: LimitChanges } }
  | {
      readonly type: 'quota.user-limits-set.v1';
      readonly data: { readonly userId: string; readonly limits: LimitChanges };
    }
  | {
      readonly type: 'quota.reserved.v2';
      readonly data: { readonly reservations: readonly Reservation[]; readonly settleAfter: Instant };
    }
  /** The amounts are all that the owner holds from now on. */
  | { readonly type: 'quota.reservation-changed.v1'; readonly data: ReservationChange }
  | { readonly type: 'quota.confirmed.v2'; readonly data: { readonly owners: readonly StreamRef[] } }
  /** One owner of a request exists; whether all of them do is not known yet. */
  | { readonly type: 'quota.owner-found.v1'; readonly data: Owned }
  /** One owner of a request was never created. The quota undoes these others, created or not. */
  | { readonly type: 'quota.undo-requested.v2'; readonly data: { readonly owners: readonly StreamRef[] } }
  | { readonly type: 'quota.released.v2'; readonly data: Owned };
