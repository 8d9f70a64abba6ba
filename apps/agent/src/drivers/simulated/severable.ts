/**
 * A port as a process sees it that may be killed: each call first asks `passes`, with the method's name, and its answer
 * is delivered only if `passes` says yes again. Where it says no, the promise stays pending for ever, as an `await` does
 * in a process that is dead. The call has then happened or not: tests want both.
 */
export function severable<T extends object>(port: T, passes: (method: string) => boolean): T {
  const never = new Promise<never>(() => undefined);
  return new Proxy(port, {
    get(target, name): unknown {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]): unknown => {
        if (!passes(String(name))) return never;
        const answer: unknown = Reflect.apply(member, target, args);
        if (!(answer instanceof Promise)) return answer;
        return answer.finally(() => (passes(String(name)) ? undefined : never));
      };
    },
  });
}
