/** A rule refuses the request to this caller. */
export class PolicyRefusal extends Error {
  /** @param rule its OpenStack name, e.g. `identity:create_user`. */
  constructor(readonly rule: string) {
    super(`Policy doesn't allow ${rule} to be performed.`);
  }
}
