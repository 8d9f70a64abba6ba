import type { Attributes } from './check';
import { type Enforcer, IS_ADMIN, type Subject } from './enforcer';
import { PolicyRefusal } from './refusal';

/** What one caller may do by the rules in force when the request came. */
export class Rights {
  constructor(
    private readonly enforcer: Enforcer,
    private readonly subject: Subject,
  ) {}

  /** The caller passes `context_is_admin`: OpenStack's services show such callers every project's resources. */
  get isAdmin(): boolean {
    return this.may(IS_ADMIN);
  }

  /** @param target the resource; without one, something of the caller's own project and user. */
  may(rule: string, target?: Attributes): boolean {
    return this.enforcer.allows(rule, this.subject, target);
  }

  /** @throws PolicyRefusal when the rule does not allow it. */
  require(rule: string, target?: Attributes): void {
    if (!this.may(rule, target)) throw new PolicyRefusal(rule);
  }
}
