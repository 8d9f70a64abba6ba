import type { Attributes } from './check';
import type { RuleSet } from './rule-set';

/** The caller's attributes that policy rules can use. */
export interface Subject {
  readonly userId: string;
  readonly projectId: string | null;
  readonly domainId: string | null;
  /** Names of roles, implied ones included. */
  readonly roles: readonly string[];
}

/** The name of the rule that decides `is_admin:True` in other rules. */
export const IS_ADMIN = 'context_is_admin';

/** Decides by the rules in force. One for all services: their rules' names do not collide. */
export class Enforcer {
  constructor(private rules: RuleSet) {}

  /** Replaces the rules in force. */
  replace(rules: RuleSet): void {
    this.rules = rules;
  }

  /**
   * @param rule its OpenStack name, e.g. `os_compute_api:servers:create`.
   * @param target attributes of the resource, by OpenStack's names (`project_id`, `user_id`, `target.user.id`);
   *   without one the caller's own project and user, as in nova.
   */
  allows(rule: string, subject: Subject, target: Attributes = ownTarget(subject)): boolean {
    const { userId, projectId, domainId, roles } = subject;
    const identity = { user_id: userId, project_id: projectId, tenant_id: projectId, domain_id: domainId, roles };
    const question = { credentials: identity, roles, target };
    const isAdmin = once(() => this.rules.allows(IS_ADMIN, question));
    const credentials = {
      ...identity,
      get is_admin() {
        return isAdmin();
      },
    };
    return this.rules.allows(rule, { ...question, credentials });
  }
}

/** Most rules never ask whether the caller is an administrator; some ask several times. */
function once(answer: () => boolean): () => boolean {
  let known: boolean | undefined;
  return () => (known ??= answer());
}

const ownTarget = ({ userId, projectId }: Subject): Attributes => ({
  user_id: userId,
  project_id: projectId,
  tenant_id: projectId,
});
