import { type Instant, later } from '../kernel/time';

/** Logins with a wrong password since the last right one. */
export interface FailedLogins {
  readonly count: number;
  readonly lastAt: Instant;
}

/** Keystone's `[security_compliance]`: after so many failures in a row a user is locked for a while. */
export interface LockoutRule {
  readonly failureAttempts: number;
  readonly durationSeconds: number;
}

/** Whether failures at that time still count: a clock that is set back ends a lock-out, and never makes it longer. */
const isRecent = ({ lastAt }: FailedLogins, { durationSeconds }: LockoutRule, now: Instant): boolean =>
  lastAt <= now && now < later(lastAt, durationSeconds * 1000);

/** Whether the user may not log in now, not even with the right password. */
export const isLockedOut = (failed: FailedLogins | undefined, rule: LockoutRule, now: Instant): boolean =>
  failed !== undefined && failed.count >= rule.failureAttempts && isRecent(failed, rule, now);

/** How many failures there are with one more: after a lock-out the count starts again. */
export function failuresWith(failed: FailedLogins | undefined, rule: LockoutRule, now: Instant): number {
  const wasLocked = failed !== undefined && failed.count >= rule.failureAttempts;
  return failed === undefined || (wasLocked && !isRecent(failed, rule, now)) ? 1 : failed.count + 1;
}
