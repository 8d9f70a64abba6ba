/**
 * What nftables has, as its own list says (libnftables-json(5)), in a form that can be compared: what a table, a chain, a
 * set or a map is, without what differs between two of the same (handles, counts, the order of elements).
 */
export type ListedRules = ReadonlyMap<string, string>;

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Fields = Readonly<Record<string, Json>>;

/** What `nft -j list` printed. */
export interface Listing {
  readonly nftables: readonly Readonly<Record<string, Fields>>[];
}

export const listingOf = (json: string): Listing => JSON.parse(json) as Listing;

/** Which thing in which table, for people: `chain from_taps of the table bridge cairn`. */
const placeOf = (kind: string, name: Json | undefined, { family, table }: Fields): string =>
  `${kind} ${text(name)} of the table ${text(family)} ${text(table)}`;

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

export const tablePlace = (family: string, table: string): string => `table ${family} ${table}`;

/** @param table name of the tables that are listed, of each family */
export function listedRules({ nftables }: Listing, table: string): ListedRules {
  const found = new Map<string, string>();
  for (const entry of nftables) {
    for (const [kind, fields] of Object.entries(entry)) {
      if (kind === 'table' && fields['name'] === table) found.set(tablePlace(text(fields['family']), table), '');
      if (fields['table'] !== table) continue;
      if (kind === 'rule') {
        const place = placeOf('chain', fields['chain'], fields);
        found.set(place, `${found.get(place) ?? ''}\n${comparable(fields)}`);
      } else found.set(placeOf(kind, fields['name'], fields), comparable(fields));
    }
  }
  return found;
}

/** Chains of others that drop what nothing in them lets pass, where forwarded packets go through. */
export function droppingChains({ nftables }: Listing, table: string): readonly string[] {
  return nftables
    .flatMap(({ chain }) => (chain === undefined ? [] : [chain]))
    .filter((chain) => chain['hook'] === 'forward' && chain['policy'] === 'drop' && chain['table'] !== table)
    .map((chain) => placeOf('chain', chain['name'], chain));
}

/** What a rule has dropped. */
export interface Drop {
  /** The chain that the rule is in. */
  readonly chain: string;
  readonly why: string;
  readonly packets: number;
}

/** What the rules of these tables have dropped since they were given to the kernel. */
export function drops({ nftables }: Listing, table: string): readonly Drop[] {
  return nftables.flatMap(({ rule }) => {
    if (rule?.['table'] !== table || typeof rule['comment'] !== 'string' || !Array.isArray(rule['expr'])) return [];
    const expressions = rule['expr'] as readonly Fields[];
    const counts = expressions.flatMap(({ counter }) => (counter === undefined ? [] : [counter as Fields]));
    const packets = Number(counts[0]?.['packets'] ?? 0);
    return packets === 0 ? [] : [{ chain: text(rule['chain']), why: rule['comment'], packets }];
  });
}

const comparable = (fields: Fields): string => JSON.stringify(plain(fields));

function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'handle');
  return Object.fromEntries(
    entries.map(([key, inner]) => [
      key,
      key === 'counter' ? null : key === 'elem' || key === 'set' ? sorted(inner) : plain(inner),
    ]),
  );
}

/** The elements of a set come in any order. */
function sorted(inner: Json): Json {
  if (!Array.isArray(inner)) return plain(inner);
  return inner
    .map((one: Json) => plain(one))
    .map((one) => [JSON.stringify(one), one] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, one]) => one);
}

/** How what is there differs from what should be: each place, with what is wrong there. */
export function differences(should: ListedRules, is: ListedRules): readonly (readonly [string, string])[] {
  const gone = [...should.keys()].filter((place) => !is.has(place));
  // of a table that is gone, that says it all
  const tables = gone.filter((place) => place.startsWith('table '));
  const inThem = (place: string): boolean => tables.some((table) => place.endsWith(` of the ${table}`));
  return [
    ...gone.filter((place) => !inThem(place)).map((place) => [place, 'is gone'] as const),
    ...[...should].flatMap(([place, text]) =>
      is.has(place) && is.get(place) !== text ? [[place, 'has been changed'] as const] : [],
    ),
    ...[...is.keys()]
      .filter((place) => !should.has(place))
      .map((place) => [place, 'was put there by somebody'] as const),
  ];
}
