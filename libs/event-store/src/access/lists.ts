/** What one may do to a stream: read, write, delete, and read and write its metadata. */
export const RIGHTS = ['$r', '$w', '$d', '$mr', '$mw'] as const;

/** Users and groups for each right. */
export type StreamAccess = Readonly<Record<(typeof RIGHTS)[number], readonly string[]>>;

/** Everybody, as a server's access lists say it. */
const EVERYBODY = '$all';
/** The server's group that may do everything. */
export const ADMINISTRATORS = '$admins';

/** The lists for streams that have none of their own: those of users, and those whose names begin with `$`. */
const DEFAULTS = ['$userStreamAcl', '$systemStreamAcl'] as const;
type Default = (typeof DEFAULTS)[number];

/** What holds where a server's settings say nothing. */
const UNSET: Readonly<Record<Default, string>> = { $userStreamAcl: EVERYBODY, $systemStreamAcl: ADMINISTRATORS };

/** Access lists that cannot be understood: changing them could take from others what they have. */
export class AccessListsUnclear extends Error {}

type Document = Readonly<Record<string, unknown>>;

/** Who may use streams that have no list of their own. */
export interface Confinement {
  /** Administrators, and the user that Cairn is. */
  readonly owners: readonly string[];
  /** Who keeps by name what everybody could do before. */
  readonly others: readonly string[];
}

/** Only these may use a stream; only administrators may delete it. */
export const ownedBy = (owners: readonly string[]): StreamAccess => ({
  $r: owners,
  $w: owners,
  $d: [ADMINISTRATORS],
  $mr: owners,
  $mw: owners,
});

/**
 * A server's settings, so that nobody but those who are named may use a stream without a list of its own. Those who are
 * named in them stay, and so does everything else that is in them.
 * @param settings those that it has; undefined for none
 * @throws AccessListsUnclear
 */
export function confined(settings: Document | undefined, { owners, others }: Confinement): Document {
  const wanted: Record<string, unknown> = { ...settings };
  const given: Readonly<Record<Default, StreamAccess>> = {
    $userStreamAcl: ownedBy(owners),
    $systemStreamAcl: ownedBy([ADMINISTRATORS]),
  };
  for (const name of DEFAULTS) {
    const list = documentIn(settings?.[name], name);
    const kept = name === '$userStreamAcl' ? others : [];
    wanted[name] = Object.fromEntries(
      RIGHTS.map((right) => {
        const known = rolesIn(list[right], `${right} of ${name}`) ?? [UNSET[name]];
        const instead = known.includes(EVERYBODY) ? kept : [];
        return [right, joined(known, instead, given[name][right])];
      }),
    );
  }
  return wanted;
}

/** Whether everybody has some right to streams without a list of their own. @throws AccessListsUnclear */
export const isOpen = (settings: Document | undefined): boolean =>
  DEFAULTS.some((name) => {
    const list = documentIn(settings?.[name], name);
    return RIGHTS.some((right) => (rolesIn(list[right], name) ?? [UNSET[name]]).includes(EVERYBODY));
  });

/** Who has some right to users' streams without a list of their own. @throws AccessListsUnclear */
export function namedIn(settings: Document | undefined): readonly string[] {
  const list = documentIn(settings?.['$userStreamAcl'], '$userStreamAcl');
  return joined(...RIGHTS.map((right) => rolesIn(list[right], right) ?? []));
}

/** Metadata with these as readers besides those who are, and without everybody. @throws AccessListsUnclear */
export function readableBy(metadata: Document | undefined, readers: readonly string[]): Document | undefined {
  const list = documentIn(metadata?.['$acl'], '$acl');
  const known = rolesIn(list['$r'], '$r') ?? [ADMINISTRATORS];
  if (readers.every((reader) => known.includes(reader)) && !known.includes(EVERYBODY)) return metadata;
  return { ...metadata, $acl: { ...list, $r: joined(known, readers) } };
}

/**
 * Metadata of a stream that nobody may use but those who are named here, and of those who may now the ones that stay.
 * @throws AccessListsUnclear
 */
export function claimedBy(
  metadata: Document | undefined,
  access: StreamAccess,
  stays: (role: string) => boolean,
): Document {
  const list = documentIn(metadata?.['$acl'], '$acl');
  const roles = RIGHTS.map((right) => [
    right,
    joined(access[right], (rolesIn(list[right], right) ?? []).filter(stays)),
  ]);
  return { ...metadata, $acl: Object.fromEntries(roles) };
}

/** Each once, in that order; everybody does not stay. */
const joined = (...lists: readonly (readonly string[])[]): readonly string[] =>
  [...new Set(lists.flat())].filter((role) => role !== EVERYBODY);

function documentIn(value: unknown, what: string): Document {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Document;
  throw new AccessListsUnclear(`${what} is no object`);
}

/** One role, or a list of them. */
function rolesIn(value: unknown, what: string): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const roles: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (roles.every((role) => typeof role === 'string')) return roles;
  throw new AccessListsUnclear(`${what} is neither a name nor a list of names`);
}
