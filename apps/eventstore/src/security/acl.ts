/** What an access list can grant: to read, write or delete a stream, to read or write its metadata. */
export type Right = '$r' | '$w' | '$d' | '$mr' | '$mw';

/** The logins and groups that have each right. The defaults answer for a missing right. */
export type AccessList = Partial<Readonly<Record<Right, readonly string[]>>>;

export const RIGHTS: readonly Right[] = ['$r', '$w', '$d', '$mr', '$mw'];

/** In an access list: everyone who has logged in. */
export const EVERYONE = '$all';

/** Reads an access list. A malformed entry grants nothing to anybody. */
export function parseAcl(value: unknown): AccessList {
  if (typeof value !== 'object' || value === null) return {};
  const given = value as Readonly<Record<string, unknown>>;
  const rights = RIGHTS.filter((right) => given[right] !== undefined && given[right] !== null);
  return Object.fromEntries(rights.map((right) => [right, namesOf(given[right])]));
}

function namesOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((name): name is string => typeof name === 'string');
}

/** @param names the caller's login and groups */
export function grants(granted: readonly string[], names: ReadonlySet<string>): boolean {
  return granted.some((name) => name === EVERYONE || names.has(name));
}
