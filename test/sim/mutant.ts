/** A known mistake, and how it is put into the running code. Returns what takes it out again. */
export interface Mutant {
  readonly mistake: string;
  plant(): () => void;
}

type Members = Record<string, (...args: never[]) => unknown>;

/** Puts another method in the place of one, private or not. */
export function replaced(
  target: object,
  name: string,
  by: (original: (...args: unknown[]) => unknown) => unknown,
): () => void {
  const members = target as Members;
  const original = members[name] as (...args: unknown[]) => unknown;
  members[name] = by(original) as Members[string];
  return () => {
    members[name] = original;
  };
}

/** Calls the original as a method of what the replacement was called on. */
type Method = (this: object, ...args: unknown[]) => unknown;
export const method = (work: Method): Method => work;
