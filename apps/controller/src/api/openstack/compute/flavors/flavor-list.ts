import { FlavorRow } from '@cairn/projections';
import {
  any,
  type Asking,
  type ColumnOf,
  compared,
  type Condition,
  equal,
  everything,
  type Filter,
  hasItem,
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

/** Public flavors, and those to which the project was let in. */
const usable = ({ projectId }: Asking): Condition<FlavorRow> =>
  projectId === null ? isPublic() : any([isPublic(), hasItem<FlavorRow>('access', projectId)]);

/** Tenants see flavors that they may use; administrators those, or private ones, or with `none` all. */
function seen(asking: Asking): Condition<FlavorRow> {
  const text = lastOf(asking.query, 'is_public');
  if (text === undefined || !asking.rights.isAdmin) return usable(asking);
  if (text.toLowerCase() === 'none') return everything();
  const wanted = booleanWord(text);
  if (wanted === undefined) throw refused('is_public', text);
  return wanted ? usable(asking) : isPublic(false);
}

/** null for what is the same for all flavors here. */
const SORT_KEYS: Readonly<Record<string, ColumnOf<FlavorRow> | null>> = {
  created_at: 'createdAt',
  description: 'description',
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
  paging: novaMarker('id', { visible: (asking) => (asking.rights.isAdmin ? everything() : usable(asking)) }),
};
