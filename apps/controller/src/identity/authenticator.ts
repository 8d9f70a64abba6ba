import type { Instant } from '@cairn/domain';
import type { Actor } from '../runtime/ports';

/** Who a token stands for, with the names that answers and logs show. */
export interface Principal {
  readonly actor: Actor;
  readonly userName: string;
  readonly userDomainId: string;
  /** Null without a project scope, as `actor.projectId`. */
  readonly projectName: string | null;
  readonly token: TokenFacts;
}

export type TokenMethod = 'password' | 'token';

export interface TokenFacts {
  /** The audit id: names the token in logs and revocations, opens nothing. */
  readonly id: string;
  /** How it was got. */
  readonly methods: readonly TokenMethod[];
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
}

export interface Authenticator {
  /**
   * The principal of a token that counts now: well formed, unexpired, not revoked, of an enabled user and project that
   * still has a role there. Undefined for any other text; never throws for what a client sent.
   */
  authenticate(token: string): Promise<Principal | undefined>;
  /** Empties the cache, after a change of users, projects, roles or tokens that must count at once. */
  forget(): void;
}
