import { defaultGroupId } from '@cairn/domain';

type Row = Readonly<Record<string, unknown>>;

/** An effect that a stream owed. */
export interface Owed {
  readonly id: string;
  readonly kind: string;
  readonly what: string;
  readonly notBefore: string | null;
  readonly dueBy: string | null;
}

/** What a release showed of its log. */
export interface Shown {
  /** The rows of each table at the end, by id. */
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  /** For each event what its stream owed after it; null for streams that are not the domain's. */
  readonly owed: readonly (readonly Owed[] | null)[];
}

/** Effects that 0.1 named otherwise. */
const RENAMED: Readonly<Record<string, string>> = { AbandonLaunch: 'AbandonCreation', UndoLaunch: 'UndoCreation' };

/** What 0.1 limited, by today's names. */
const LIMITS: Readonly<Record<string, string>> = {
  ramMb: 'ram',
  floatingIps: 'floating_ips',
  keyPairs: 'key_pairs',
  metadataItems: 'metadata_items',
  injectedFiles: 'injected_files',
  securityGroupRules: 'security_group_rules',
};

const limitsOf = (overrides: unknown): Row =>
  Object.fromEntries(Object.entries(overrides as Row).map(([name, limit]) => [LIMITS[name] ?? name, limit]));

interface Table {
  readonly name: string;
  readonly rows: readonly Row[];
}

/** Today's rows leave out unused resources. */
const inUse = (amounts: Readonly<Record<string, unknown>>): Row =>
  Object.fromEntries(Object.entries(amounts).filter(([, amount]) => amount !== 0));

const byId = (rows: readonly Row[]): readonly Row[] =>
  [...rows].sort((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));

const identified = (addresses: readonly Row[]): readonly Row[] =>
  addresses.map((address) => ({ ...address, id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown }));

/** Tables of 0.1 that have another name or shape today: their rows as they are to be read. All others are as they were. */
const TABLES: Readonly<Record<string, (rows: readonly Row[]) => Table>> = {
  // the same, and more columns
  flavor_v1: (rows) => ({ name: 'flavor_v2', rows }),
  host_v1: (rows) => ({ name: 'host_v2', rows }),
  network_v1: (rows) => ({ name: 'network_v2', rows }),
  project_v1: (rows) => ({ name: 'project_v2', rows }),
  // and each address says the claim that it is held by, each server that nothing filters what it sends and gets
  server_v1: (rows) => ({
    name: 'server_v2',
    rows: rows.map((row) => ({
      ...row,
      addresses: identified(row['addresses'] as readonly Row[]),
      securityGroups: [{ groupId: defaultGroupId(String(row['projectId'])), name: 'default' }],
      unfiltered: true,
    })),
  }),
  user_v1: (rows) => ({
    name: 'user_v3',
    rows: rows.map(({ passwordHash: _, tokensValidFrom: __, ...row }) => row),
  }),
  quota_v1: (rows) => ({
    name: 'quota_v2',
    rows: rows.map(({ id, overrides, instances, cores, ramMb }) => ({
      id,
      overrides: limitsOf(overrides),
      usage: inUse({ instances, cores, ram: ramMb }),
    })),
  }),
  quota_item_v1: (rows) => ({
    name: 'quota_reservation_v1',
    rows: byId(
      rows.map(({ id, projectId, cores, ramMb }) => ({
        id: `instance-${String(id)}`,
        projectId,
        amounts: { instances: 1, cores, ram: ramMb },
      })),
    ),
  }),
};

/** Tables that nothing reads any more. */
const GONE: readonly string[] = ['revoked_token_v1'];

/** The same in today's shapes and names. */
export function asShownToday({ tables, owed }: Shown): Shown {
  const kept = Object.entries(tables).filter(([name]) => !GONE.includes(name));
  const read = kept.map(([name, rows]): Table => TABLES[name]?.(rows) ?? { name, rows });
  return {
    tables: Object.fromEntries(read.map(({ name, rows }) => [name, rows] as const)),
    owed: owed.map((due) => due?.map((one) => ({ ...one, what: RENAMED[one.what] ?? one.what })) ?? null),
  };
}
