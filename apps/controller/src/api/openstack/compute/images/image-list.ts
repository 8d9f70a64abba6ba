import { ImageRow } from '@cairn/projections';
import {
  all,
  any,
  type Asking,
  type Condition,
  equal,
  everything,
  exactly,
  type Filter,
  hasEntry,
  not,
  ofOwnProject,
  type TableList,
} from '../../../../application/lists';
import { knownImages, THERE } from '../../../../application/image/image-conditions';
import { HIDDEN } from '../../../../application/image/image-view';
import { changesSince } from '../shared/changed-filters';
import { invalidParameter, novaLists, novaMarker } from '../shared/nova-lists';

/** Those that Glance lists unless it is asked for others: no communities', and none that are hidden. */
const shown = (asking: Asking): Condition<ImageRow> =>
  all([
    THERE,
    asking.rights.isAdmin ? everything() : any([ofOwnProject<ImageRow>(asking), equal('visibility', 'public')]),
    not(hasEntry('properties', HIDDEN, 'true')),
  ]);

const amount = (column: 'minRamMb' | 'minDiskGb'): Filter<ImageRow> =>
  exactly(column, (value, { name }) => {
    const number = Number(value);
    if (!/^\d{1,15}$/.test(value)) throw invalidParameter(name, value, 'It is no number.');
    return number;
  });

const property = (name: string, read: (value: string) => string = (value) => value): Filter<ImageRow> => ({
  read: ({ value }) => hasEntry('properties', name, read(value)),
});

const PROPERTY = 'property-';

/** Images as nova hands them on from Glance, with the filters that nova had before there was Glance. */
export const IMAGES_OF_NOVA: TableList<ImageRow> = {
  api: novaLists,
  entity: ImageRow,
  key: 'id',
  scope: shown,
  filters: {
    name: exactly('name'),
    status: exactly('status', (value) => value.toLowerCase()),
    minRam: amount('minRamMb'),
    minDisk: amount('minDiskGb'),
    // clients also send the URL of a server
    server: property('instance_uuid', (value) => value.split('/').at(-1) ?? value),
    type: property('image_type'),
    'changes-since': changesSince('updatedAt'),
  },
  others: (name) => (name.startsWith(PROPERTY) ? property(name.slice(PROPERTY.length)) : undefined),
  sorting: { keys: {}, usual: [{ column: 'createdAt', direction: 'DESC' }] },
  paging: novaMarker('id', { visible: knownImages }),
};
