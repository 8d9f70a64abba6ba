import { own } from '@cairn/domain';
import type { Caller } from '../../../../application/core';
import { HttpProblem } from '../../../http';
import { booleanWord } from '../../boolean-words';
import {
  all,
  any,
  compared,
  counted,
  type Condition,
  hasProperty,
  hasTag,
  isHiddenCondition,
  type ParameterNames,
  visibleTo,
} from './conditions';
import { type Query, valueOf, valuesOf } from './parameters';

const bad = (message: string): HttpProblem => new HttpProblem(400, message);

/** Parameters that are not filters. */
const NOT_FILTERS = new Set(['limit', 'marker', 'sort', 'sort_key', 'sort_dir', 'member_status', 'tag']);

const TEXTS: Readonly<Record<string, string>> = {
  id: 'image.id',
  name: 'image.name',
  status: 'image.status',
  owner: 'image.projectId',
  disk_format: 'image.diskFormat',
  container_format: 'image.containerFormat',
  checksum: 'image.md5',
  os_hash_value: 'image.sha512',
};

/** Those of them that take `in:a,b`. */
const LISTS = new Set(['id', 'name', 'status', 'disk_format', 'container_format']);

const NUMBERS: Readonly<Record<string, readonly [column: string, operator: string]>> = {
  size: ['image.sizeBytes', '='],
  size_min: ['image.sizeBytes', '>='],
  size_max: ['image.sizeBytes', '<='],
  min_ram: ['image.minRamMb', '='],
  min_disk: ['image.minDiskGb', '='],
};

const TIMES: Readonly<Record<string, string>> = { created_at: 'image.createdAt', updated_at: 'image.updatedAt' };

const OPERATORS: Readonly<Record<string, string>> = {
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  eq: '=',
  neq: '<>',
};

/**
 * Everything that a list's query asks of an image, and what the caller may see. A name that is no filter of Glance's is
 * a free property.
 * @throws HttpProblem 400 in Glance's words.
 */
export function conditionsOf(caller: Caller, query: Query, names: ParameterNames): Condition {
  const memberStatus = valueOf(query, 'member_status') ?? 'accepted';
  if (!['pending', 'accepted', 'rejected', 'all'].includes(memberStatus)) {
    throw bad(`Invalid status: ${memberStatus}`);
  }
  const hidden = flag('os_hidden', valueOf(query, 'os_hidden') ?? 'false');
  return all([
    compared(names, 'image.status', '<>', 'deleted'),
    visibleTo(caller, valueOf(query, 'visibility'), names),
    isHiddenCondition(names, hidden),
    ...valuesOf(query, 'tag').map((tag) => hasTag(names, tag.trim())),
    ...Object.keys(query)
      .filter((name) => !NOT_FILTERS.has(name) && name !== 'visibility' && name !== 'os_hidden')
      .map((name) => filter(name, valueOf(query, name) ?? '', names)),
  ]);
}

function filter(name: string, value: string, names: ParameterNames): Condition {
  if (name === 'changes-since') throw bad('The "changes-since" filter is no longer available on v2.');
  if (name === 'protected') return compared(names, 'image.protected', '=', flag(name, value));
  const text = own(TEXTS, name);
  if (text !== undefined) {
    const alternatives = LISTS.has(name) && value.startsWith('in:') ? listed(value.slice('in:'.length)) : [value];
    return any(alternatives.map((each) => compared(names, text, '=', each)));
  }
  const number = own(NUMBERS, name);
  if (number !== undefined) return counted(names, ...number, whole(value));
  const time = own(TIMES, name);
  return time === undefined ? hasProperty(names, name, value) : moment(time, value, names);
}

/** `a,"b,c"`: commas in quotes belong to the value. */
const listed = (text: string): readonly string[] =>
  [...text.matchAll(/"([^"]*)"|([^,]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

function flag(name: string, value: string): boolean {
  const wanted = booleanWord(value);
  if (wanted !== undefined) return wanted;
  throw bad(`Invalid value '${value}' for '${name}': a boolean is expected.`);
}

function whole(value: string): number {
  const number = Number(value);
  if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(number)) {
    throw bad('Unable to filter on a range with a non-numeric value.');
  }
  return number;
}

/** `gte:2015-11-29T22:21:42Z`; without an operator the moment itself. Shown times have no fraction, so neither here. */
function moment(column: string, value: string, names: ParameterNames): Condition {
  const [, prefix, rest] = /^([a-z]+):(.+)$/.exec(value) ?? [];
  const operator = prefix === undefined ? '=' : own(OPERATORS, prefix);
  if (operator === undefined) {
    throw bad(`Unable to filter by unknown operator '${prefix ?? ''}'.`);
  }
  const at = Date.parse(rest ?? value);
  if (Number.isNaN(at)) throw bad(`Invalid time format: ${value}.`);
  return compared(names, `SUBSTR(${column}, 1, 19)`, operator, new Date(at).toISOString().slice(0, 19));
}
