/** For how long a failed launch counts against its host. */
const COUNTS_MS = 30 * 60_000;

/** How many failures are remembered. */
const MOST = 1_000;

/**
 * Launches that failed on hosts, as this controller has seen them: a launch's request for another place names the hosts
 * that failed. Only the order of hosts that would do depends on it, so it may be forgotten.
 */
export class BuildFailures {
  private seen: { readonly claimId: string; readonly hostId: string; readonly at: number }[] = [];

  /** @param claimId of the attempt that follows the failure; one that is asked for again counts once. */
  note(claimId: string, hostId: string, at: number): void {
    if (this.seen.some((one) => one.claimId === claimId)) return;
    this.seen = [...this.seen.filter((one) => one.at > at - COUNTS_MS), { claimId, hostId, at }].slice(-MOST);
  }

  on(hostId: string, now: number): number {
    return this.seen.filter((one) => one.hostId === hostId && one.at > now - COUNTS_MS).length;
  }
}
