import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import { anyRole } from '../../policy';

export const NEEDS_NO_TOKEN = 'cairn:needs-no-token';
export const NEEDS_NO_READ_MODEL = 'cairn:needs-no-read-model';
export const RULE = 'cairn:rule';

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
  SetMetadata(RULE, anyRole(rule, ...roles));

/** The route is for administrators. */
export const Admin = (rule: string): CustomDecorator => Roles(rule, 'admin');
