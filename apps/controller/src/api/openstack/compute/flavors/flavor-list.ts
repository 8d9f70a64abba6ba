import { FlavorRow } from '@cairn/projections';
import {
  type Asking,
  type ColumnOf,
  compared,
  type Condition,
  equal,
  everything,
  type Filter,
  lastOf,
  type TableList,
} from '../../../../application/lists';
import { booleanWord } from '../../boolean-words';
import { badRequest } from '../shared/additional';
import { byLastKey, novaMarker } from '../shared/nova-lists';

const refused = (name: string, value: string): Error => badRequest(`Invalid ${name} filter [${value.slice(0, 255)}]`);

const atLeast = (column: 'ramMb' | 'rootGb'): Filter<FlavorRow> => ({
  read: ({ name, value }) => {
    if (!/^\s*[+-]?\d{1,15}\s*$/.test(value)) throw refused(name, value);
    return compared(column, '>=', Number(value));
  },
});

const isPublic = (yes = true): Condition<FlavorRow> => equal('isPublic', yes);

/** Tenants see public flavors; administrators those, or private ones, or with `none` all. */
function seen({ query, rights }: Asking): Condition<FlavorRow> {
  const text = lastOf(query, 'is_public');
  if (text === undefined || !rights.isAdmin) return isPublic();
  if (text.toLowerCase() === 'none') return everything();
  const wanted = booleanWord(text);
  if (wanted === undefined) throw refused('is_public', text);
  return isPublic(wanted);
}

/** null for what is the same for all flavors here. */
const SORT_KEYS: Readonly<Record<string, ColumnOf<FlavorRow> | null>> = {
  created_at: 'createdAt',
  description: null,
  disabled: null,
  ephemeral_gb: 'ephemeralGb',
  flavorid: 'id',
  id: 'id',
  is_public: 'isPublic',
  memory_mb: 'ramMb',
  name: 'name',
  root_gb: 'rootGb',
  rxtx_factor: 'rxtxFactor',
  swap: 'swapMb',
  updated_at: null,
  vcpu_weight: null,
  vcpus: 'vcpus',
};

/** Flavors as nova lists them: by id. */
export const FLAVORS: TableList<FlavorRow> = {
  api: byLastKey,
  entity: FlavorRow,
  key: 'id',
  scope: seen,
  parameters: ['is_public'],
  filters: { minRam: atLeast('ramMb'), minDisk: atLeast('rootGb') },
  sorting: { keys: SORT_KEYS, usual: [{ column: 'id', direction: 'ASC' }] },
  paging: novaMarker('id', { visible: ({ rights }) => (rights.isAdmin ? everything() : isPublic()) }),
};
