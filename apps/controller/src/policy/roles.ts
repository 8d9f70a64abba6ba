import type { Principal } from '../identity/authenticator';

/** A rule of policy: its OpenStack name, and who satisfies it. */
export interface Rule {
  readonly name: string;
  readonly allows: (roles: readonly string[]) => boolean;
}

/** A caller whom a rule does not allow what was asked. */
export class PolicyRefusal extends Error {
  /** @param rule its OpenStack name, e.g. `identity:create_user`. */
  constructor(readonly rule: string) {
    super(`Policy doesn't allow ${rule} to be performed.`);
  }
}

/** The rule that callers with one of the roles satisfy. */
export const anyRole = (name: string, ...roles: readonly string[]): Rule => ({
  name,
  allows: (has) => has.some((role) => roles.includes(role)),
});

export const isAdmin = ({ principal }: { readonly principal: Principal }): boolean =>
  principal.actor.roles.includes('admin');

/** For rules that need more than roles. @throws PolicyRefusal */
export function allow(rule: string, allowed: boolean): void {
  if (!allowed) throw new PolicyRefusal(rule);
}
