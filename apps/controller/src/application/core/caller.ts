import type { Instant } from '@cairn/domain';
import type { Principal } from '../../identity/authenticator';
import type { Rights } from '../../policy';

/** By what a repeat of a request is known. */
export interface Repeatable {
  /** The caller's `Idempotency-Key` header. */
  readonly key: string;
  /** All that the request asks for: two with one key must be equal in this. Complete once the body was read. */
  asked(): object;
}

/** The caller and origin of one request. */
export interface RequestScope {
  /** `req-<uuid>`, on every answer and log line of the request. */
  readonly requestId: string;
  /** The service that got the request: `identity`, `compute`, `image`, `hosts`. */
  readonly api: string;
  readonly clientAddress: string | null;
  /** When the caller gives up waiting; until then the controller retries its commands. */
  readonly deadline: Instant;
  /** When the caller is told that the log takes no writes, where it does not. */
  readonly logBy?: Instant;
  /** Of a request that the caller may repeat. */
  readonly repeatable: Repeatable | undefined;
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
