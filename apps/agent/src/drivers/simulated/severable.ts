type Methods = Readonly<Record<string, unknown>>;

/**
 * A port as a process sees it that may be killed: each call first asks `passes`, with the method's name, and its answer
 * is delivered only if `passes` says yes again. Where it says no, the promise stays pending for ever, as an `await` does
 * in a process that is dead. What was called has then happened or not, which is the point.
 */
export function severable<T extends object>(port: T, passes: (method: string) => boolean): T {
  const never = (): Promise<never> => new Promise(() => undefined);
  return new Proxy(port, {
    get(target, name, receiver): unknown {
      const member: unknown = Reflect.get(target as Methods, name, target);
      if (typeof member !== 'function' || typeof name !== 'string') return member;
      return (...args: readonly unknown[]): unknown => {
        if (!passes(name)) return never();
        const answer: unknown = Reflect.apply(member, target === receiver ? target : target, args as unknown[]);
        if (!(answer instanceof Promise)) return answer;
        return answer.then(
          (value: unknown) => (passes(name) ? value : never()),
          (error: unknown) => (passes(name) ? Promise.reject(error as Error) : never()),
        );
      };
    },
  });
}
