export type SubscriptionKind = 'all' | 'stream';

/** A subscription, as far as others are concerned. */
export interface Follower {
  readonly kind: SubscriptionKind;
  /** Its lag: bytes of positions of `$all`, events of a stream. */
  lag(): number;
}

/** The subscriptions that are open. */
export class ActiveSubscriptions {
  private readonly followers = new Set<Follower>();

  /** @returns the function that forgets it */
  add(follower: Follower): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  counts(): Readonly<Record<SubscriptionKind, number>> {
    const counts = { all: 0, stream: 0 };
    for (const { kind } of this.followers) counts[kind] += 1;
    return counts;
  }

  /** The largest lag of a kind; 0 when there is none. */
  lag(kind: SubscriptionKind): number {
    let most = 0;
    for (const follower of this.followers) if (follower.kind === kind) most = Math.max(most, follower.lag());
    return most;
  }
}
