/** Counts invalid reports of hosts until the relay records them, with the reason of the first one. */
export class RefusedReports {
  private readonly hosts = new Map<string, { count: number; readonly reason: string }>();

  note(hostId: string, reason: string, count = 1): void {
    const noted = this.hosts.get(hostId);
    if (noted === undefined) this.hosts.set(hostId, { count, reason });
    else noted.count += count;
  }

  /** Refused reports since the last call, by host. */
  take(): readonly { readonly hostId: string; readonly count: number; readonly reason: string }[] {
    const taken = [...this.hosts].map(([hostId, noted]) => ({ hostId, ...noted }));
    this.hosts.clear();
    return taken;
  }
}
