import { own } from '@cairn/domain';
import { ImageRow } from '@cairn/projections';
import {
  all,
  any,
  type Asking,
  type ColumnOf,
  compared,
  comparedBySecond,
  type Condition,
  equal,
  everything,
  exactly,
  type Filter,
  hasEntry,
  hasItem,
  lastOf,
  not,
  ofOwnProject,
  oneOf,
  type Operator,
  type TableList,
} from '../../../application/lists';
import { knownImages, THERE } from '../../../application/image/image-conditions';
import { HIDDEN } from '../../../application/image/image-view';
import { booleanWord } from '../boolean-words';
import { bad, glanceLists } from './glance-lists';
import { splitList } from './split-list';

/** `in:a,b` asks for any of them. */
const listable = (column: ColumnOf<ImageRow>): Filter<ImageRow> => ({
  read: ({ value }) => (value.startsWith('in:') ? oneOf(column, splitList(value.slice(3))) : equal(column, value)),
});

const whole = (column: ColumnOf<ImageRow>, operator: Operator = '='): Filter<ImageRow> => ({
  read: ({ value }) => {
    const number = Number(value);
    if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(number))
      throw bad('Unable to filter on a range with a non-numeric value.');
    return compared(column, operator, number);
  },
});

function flag(name: string, value: string): boolean {
  const wanted = booleanWord(value);
  if (wanted === undefined) throw bad(`Invalid value '${value}' for '${name}': a boolean is expected.`);
  return wanted;
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  eq: '=',
  neq: '<>',
};

/** `gte:2015-11-29T22:21:42Z`; without an operator the moment itself. */
const moment = (column: ColumnOf<ImageRow>): Filter<ImageRow> => ({
  read: ({ value }) => {
    const [, prefix, rest] = /^([a-z]+):(.+)$/.exec(value) ?? [];
    const operator = prefix === undefined ? '=' : own(OPERATORS, prefix);
    if (operator === undefined) throw bad(`Unable to filter by unknown operator '${prefix ?? ''}'.`);
    const at = Date.parse(rest ?? value);
    if (Number.isNaN(at)) throw bad(`Invalid time format: ${value}.`);
    return comparedBySecond(column, operator, at);
  },
});

const property = (name: string): Filter<ImageRow> => ({
  read: ({ value }) => hasEntry('properties', name, value),
});

/**
 * Which images a list shows: without a visibility the caller's own and the public ones, never others' community images
 * (glance 25.1). Administrators see all.
 */
function visibleTo(asking: Asking): Condition<ImageRow> {
  const { rights, query } = asking;
  const mine = ofOwnProject<ImageRow>(asking);
  const is = (which: string): Condition<ImageRow> => equal('visibility', which);
  const visibility = lastOf(query, 'visibility');
  switch (visibility) {
    case undefined:
      return rights.isAdmin ? everything() : any([mine, is('public')]);
    case 'all':
      return rights.isAdmin ? everything() : any([mine, is('public'), is('community')]);
    case 'public':
    case 'community':
      return is(visibility);
    case 'private':
    case 'shared':
      return rights.isAdmin ? is(visibility) : all([mine, is(visibility)]);
    default:
      throw bad(`Invalid visibility value: ${visibility}`);
  }
}

function shown(asking: Asking): Condition<ImageRow> {
  const hidden = flag('os_hidden', lastOf(asking.query, 'os_hidden') ?? 'false');
  const isHidden: Condition<ImageRow> = hasEntry('properties', HIDDEN, 'true');
  return all([THERE, visibleTo(asking), hidden ? isHidden : not(isHidden)]);
}

/** Images as glance lists them, the newest first. A name that is no filter of Glance's is a property of the image. */
export const IMAGES: TableList<ImageRow> = {
  api: glanceLists,
  entity: ImageRow,
  key: 'id',
  scope: shown,
  parameters: ['visibility', 'os_hidden'],
  filters: {
    id: listable('id'),
    name: listable('name'),
    status: listable('status'),
    disk_format: listable('diskFormat'),
    container_format: listable('containerFormat'),
    owner: exactly('projectId'),
    checksum: exactly('md5'),
    os_hash_value: exactly('sha512'),
    size: whole('sizeBytes'),
    size_min: whole('sizeBytes', '>='),
    size_max: whole('sizeBytes', '<='),
    min_ram: whole('minRamMb'),
    min_disk: whole('minDiskGb'),
    protected: { read: ({ name, value }) => equal('protected', flag(name, value)) },
    created_at: moment('createdAt'),
    updated_at: moment('updatedAt'),
    tag: { read: ({ values }) => all(values.map((tag) => hasItem<ImageRow>('tags', tag.trim()))) },
    // nothing is shared with anyone yet
    member_status: {
      read: ({ value }) => {
        if (['pending', 'accepted', 'rejected', 'all'].includes(value)) return everything();
        throw bad(`Invalid status: ${value}`);
      },
    },
    'changes-since': {
      read: () => {
        throw bad('The "changes-since" filter is no longer available on v2.');
      },
    },
  },
  others: property,
  sorting: {
    keys: {
      name: 'name',
      status: 'status',
      container_format: 'containerFormat',
      disk_format: 'diskFormat',
      size: 'sizeBytes',
      id: 'id',
      created_at: 'createdAt',
      updated_at: 'updatedAt',
    },
    usual: [{ column: 'createdAt', direction: 'DESC' }],
  },
  // not 404: the marker is not what was asked for
  paging: { column: 'id', visible: knownImages, missing: (marker) => bad(`No image found with ID ${marker}`) },
};
