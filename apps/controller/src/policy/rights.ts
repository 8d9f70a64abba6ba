import type { Attributes } from './check';
import { type Enforcer, IS_ADMIN, type Subject } from './enforcer';
import { PolicyRefusal } from './refusal';

/** The rights of one caller, by the rules in force when the request came. */
export class Rights {
  private admin: boolean | undefined;

  constructor(
    private readonly enforcer: Enforcer,
    private readonly subject: Subject,
  ) {}

  /**
   * True if the caller passes `context_is_admin`. OpenStack's services show such callers the resources of all projects.
   */
  get isAdmin(): boolean {
    return (this.admin ??= this.may(IS_ADMIN));
  }

  /** @param target the resource; by default, one of the caller's own project and user. */
  may(rule: string, target?: Attributes): boolean {
    return this.enforcer.allows(rule, this.subject, target);
  }

  /** @throws PolicyRefusal if the rule refuses. */
  require(rule: string, target?: Attributes): void {
    if (!this.may(rule, target)) throw new PolicyRefusal(rule);
  }
}
