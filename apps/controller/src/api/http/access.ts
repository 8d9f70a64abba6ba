import { type CustomDecorator, SetMetadata } from '@nestjs/common';

export const NEEDS_NO_TOKEN = 'cairn:needs-no-token';
export const NEEDS_NO_READ_MODEL = 'cairn:needs-no-read-model';
export const RULE = 'cairn:rule';
export const REMOVED = 'cairn:removed';

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

/** A rule of policy that a route names. */
export interface RouteRule {
  /** Its OpenStack name, e.g. `identity:create_user`. */
  readonly name: string;
  /** Decided before the handler runs, on the caller's own project; otherwise the handler decides, on the found resource. */
  readonly ahead: boolean;
}

/** The route is for callers whom the rule allows it in their own project; others get 403 naming the rule. */
export const Policy = (rule: string): CustomDecorator =>
  SetMetadata(RULE, { name: rule, ahead: true } satisfies RouteRule);

/** The route's handler asks for the rule itself, since its target is known only there: `rights.require(rule, target)`. */
export const PolicyOfTarget = (rule: string): CustomDecorator =>
  SetMetadata(RULE, { name: rule, ahead: false } satisfies RouteRule);

/** The routes of the controller only say, to every caller with a token, that OpenStack has removed what they served. */
export const Removed = (): CustomDecorator => SetMetadata(REMOVED, true);
