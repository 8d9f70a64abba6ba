import type { Metadata } from '@grpc/grpc-js';
import type { Caller, Gate } from '../wire/access';
import { accessDenied } from '../wire/errors';
import type { AccessPolicy } from './access-policy';
import { ADMINS } from './user';

/** A caller as the users service sees it. */
export interface KnownCaller extends Caller {
  /** Undefined for who did not log in. */
  readonly login: string | undefined;
  readonly isAdmin: boolean;
}

/** Tells handlers who makes a call. The logging in was done before, by the interceptor. */
export interface Callers extends Gate {
  admit(call: { readonly metadata: Metadata }): KnownCaller;
}

const LOCAL: KnownCaller = { login: undefined, isAdmin: true, refusal: () => undefined };

/** Without TLS the store listens on loopback only, and every local process may do everything. */
export const everyoneIsAdmin: Callers = { admit: () => LOCAL };

const NOBODY: KnownCaller = { login: undefined, isAdmin: false, refusal: accessDenied };

/** The callers that have logged in; a call that is not among them is anonymous and may do nothing. */
export class LoggedIn implements Callers {
  private readonly callers = new WeakMap<Metadata, KnownCaller>();

  constructor(private readonly policy: AccessPolicy) {}

  admit({ metadata }: { readonly metadata: Metadata }): KnownCaller {
    return this.callers.get(metadata) ?? NOBODY;
  }

  /** Remembers for as long as the call's metadata lives who makes the call. */
  remember(metadata: Metadata, login: string, groups: readonly string[]): void {
    const names = new Set([login, ...groups]);
    this.callers.set(metadata, {
      login,
      isAdmin: names.has(ADMINS),
      refusal: (action, stream) => (this.policy.allows(names, action, stream) ? undefined : accessDenied()),
    });
  }
}
