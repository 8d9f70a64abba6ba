import type { Instant } from '@cairn/domain';
import type { Principal } from '../../identity/authenticator';
import type { Rights } from '../../policy';

/** The caller and origin of one request. */
export interface RequestScope {
  /** `req-<uuid>`, on every answer and log line of the request. */
  readonly requestId: string;
  /** The service that got the request: `identity`, `compute`, `image`, `hosts`. */
  readonly api: string;
  readonly clientAddress: string | null;
  /** When the caller gives up waiting; until then the controller retries its commands. */
  readonly deadline: Instant;
  /** The caller's `Idempotency-Key` header. */
  readonly idempotencyKey: string | undefined;
  /** Who calls; absent where no token is needed. */
  readonly principal: Principal | undefined;
  /** What the principal may do; absent with it. */
  readonly rights: Rights | undefined;
}

/** The scope of a request whose token was good. */
export interface Caller extends RequestScope {
  readonly principal: Principal;
  readonly rights: Rights;
}
