import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import { PolicyRefusal } from './problem';
import type { Caller } from './request-scope';

export const NEEDS_NO_TOKEN = 'cairn:needs-no-token';
export const NEEDS_NO_READ_MODEL = 'cairn:needs-no-read-model';
export const RULE = 'cairn:rule';

/** A rule of policy: its OpenStack name, and who satisfies it. */
export interface Rule {
  readonly name: string;
  readonly allows: (roles: readonly string[]) => boolean;
}

/** The route can be called without a token (versions, logins). */
export const NoToken = (): CustomDecorator => SetMetadata(NEEDS_NO_TOKEN, true);

/** The route answers from the configuration alone, also while the read models are still being built. */
export const NoReadModel = (): CustomDecorator => SetMetadata(NEEDS_NO_READ_MODEL, true);

/** A version document: neither token nor read model. */
export const VersionDocument =
  (): MethodDecorator =>
  (target, key, descriptor): void => {
    NoToken()(target, key, descriptor);
    NoReadModel()(target, key, descriptor);
  };

/** The route is for callers with one of the roles; others get 403 naming the rule. */
export const Roles = (rule: string, ...roles: readonly string[]): CustomDecorator =>
  SetMetadata(RULE, { name: rule, allows: (has) => has.some((role) => roles.includes(role)) } satisfies Rule);

/** The route is for administrators. */
export const Admin = (rule: string): CustomDecorator => Roles(rule, 'admin');

export const isAdmin = (caller: Caller): boolean => caller.principal.actor.roles.includes('admin');

/** For rules that need more than roles. @throws PolicyRefusal */
export function allow(rule: string, allowed: boolean): void {
  if (!allowed) throw new PolicyRefusal(rule);
}
