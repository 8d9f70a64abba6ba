import type { FlavorRow } from '@cairn/projections';
import { booleanWord } from '../../boolean-words';
import { badRequest } from '../shared/additional';
import type { QueryParameters } from '../shared/links';
import { lastOf, limitOf, sortOf } from '../shared/query-values';

type Key = Exclude<keyof FlavorRow, 'isPublic'>;

const SORT_KEYS: Readonly<Record<string, Key | null>> = {
  created_at: 'createdAt',
  description: null,
  disabled: null,
  ephemeral_gb: 'ephemeralGb',
  flavorid: 'id',
  id: 'id',
  is_public: null,
  memory_mb: 'ramMb',
  name: 'name',
  root_gb: 'rootGb',
  rxtx_factor: 'rxtxFactor',
  swap: 'swapMb',
  updated_at: null,
  vcpu_weight: null,
  vcpus: 'vcpus',
};

function atLeast(query: QueryParameters, name: string): number {
  const text = lastOf(query, name);
  if (text === undefined) return 0;
  if (!/^\d{1,10}$/.test(text)) throw badRequest(`Invalid ${name} filter [${text.slice(0, 255)}]`);
  return Number(text);
}

/** Tenants see public flavors; administrators those, or private ones, or with `none` all. */
function seen(query: QueryParameters, admin: boolean): (row: FlavorRow) => boolean {
  const text = lastOf(query, 'is_public');
  if (!admin || text === undefined) return ({ isPublic }) => isPublic;
  if (text.toLowerCase() === 'none') return () => true;
  const wanted = booleanWord(text);
  if (wanted === undefined) throw badRequest(`Invalid is_public filter [${text.slice(0, 255)}]`);
  return ({ isPublic }) => isPublic === wanted;
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

export interface FlavorPage {
  readonly flavors: readonly FlavorRow[];
  /** Null when there may be no more. */
  readonly next: string | null;
}

/** One page of those flavors that a caller may see and asks for. @throws HttpProblem 400. */
export function flavorPage(rows: readonly FlavorRow[], query: QueryParameters, admin: boolean): FlavorPage {
  const visible = seen(query, admin);
  const [ram, disk] = [atLeast(query, 'minRam'), atLeast(query, 'minDisk')];
  const sort = [...sortOf(query, SORT_KEYS, 'ASC'), { column: 'id', direction: 'ASC' } as const];
  const found = rows
    .filter((row) => visible(row) && row.ramMb >= ram && row.rootGb >= disk)
    .sort((a, b) => {
      for (const { column, direction } of sort) {
        const order = compare(a[column], b[column]);
        if (order !== 0) return direction === 'ASC' ? order : -order;
      }
      return 0;
    });
  const marker = lastOf(query, 'marker');
  const after = marker === undefined ? -1 : found.findIndex(({ id }) => id === marker);
  if (marker !== undefined && after < 0) throw badRequest(`marker [${marker.slice(0, 255)}] not found`);
  const limit = limitOf(query);
  const flavors = found.slice(after + 1, after + 1 + limit);
  return { flavors, next: flavors.length === limit ? (flavors.at(-1)?.id ?? null) : null };
}
