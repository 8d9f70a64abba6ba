import { type Instant, later } from './time';

/** The attempt after one that has failed now. Each waits twice as long as the one before, from 2 s to 5 min. */
export const nextAttempt = (
  failed: number,
  now: Instant,
): { readonly attempt: number; readonly notBefore: Instant } => ({
  attempt: failed + 1,
  notBefore: later(now, Math.min(2 ** failed, 300) * 1000),
});
