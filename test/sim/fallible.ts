/**
 * A host's port, some of whose verbs can fail; all others are as they were.
 * @param attempt does the work of a verb, or what goes wrong instead
 */
export const fallible = <T extends object>(
  port: T,
  verbs: ReadonlySet<string>,
  attempt: (work: () => unknown) => Promise<unknown>,
): T =>
  new Proxy(port, {
    get: (target, key): unknown => {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      const verb = (...args: readonly unknown[]): unknown => Reflect.apply(member, target, args);
      return verbs.has(String(key)) ? (...args: readonly unknown[]) => attempt(() => verb(...args)) : verb;
    },
  });
