import type { Instant, Project, User } from '@cairn/domain';
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
  /** The user's epoch (`User.epoch`) in which it was proven who has it. */
  readonly userEpoch: number;
}

/** What a token is to say. */
export interface TokenRequest {
  readonly user: User;
  /** Undefined: no scope. */
  readonly project: Project | undefined;
  readonly methods: readonly TokenMethod[];
  /** A token that was got by a token ends with it; undefined: it lives as long as the configuration says. */
  readonly expiresAt: Instant | undefined;
}

/** A token, and who it is for. */
export interface IssuedToken {
  readonly text: string;
  readonly principal: Principal;
}

export interface Authenticator {
  /**
   * The principal of a token that counts now: well formed, unexpired, not revoked, of an enabled user and project that
   * still has a role there, each in the epoch of the token. Undefined for any other text.
   * @throws DomainError `unavailable` when the log cannot be asked whether the token still counts.
   */
  authenticate(token: string): Promise<Principal | undefined>;
  /** A token of the states' epochs; undefined when it would not count. */
  issue(request: TokenRequest): IssuedToken | undefined;
}
