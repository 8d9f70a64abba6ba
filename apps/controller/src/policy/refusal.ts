/** A policy rule refuses the caller's request. */
export class PolicyRefusal extends Error {
  /** @param rule its OpenStack name, e.g. `identity:create_user`. */
  constructor(readonly rule: string) {
    super(`Policy doesn't allow ${rule} to be performed.`);
  }
}
