/** A caller whom a rule does not allow what was asked. */
export class PolicyRefusal extends Error {
  /** @param rule its OpenStack name, e.g. `identity:create_user`. */
  constructor(readonly rule: string) {
    super(`Policy doesn't allow ${rule} to be performed.`);
  }
}
