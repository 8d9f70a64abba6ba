import { validateSync } from 'class-validator';

import { declaredFields, type Shape } from '../../apps/controller/src/api/http/bind';
import type { Random } from '../sim/random';
import type { Node, NodeObject } from './asked';
import { CANDIDATES } from './values';

/** Fields whose value names something that there is, by the collection that it is in. */
const REFERENCES: Readonly<Record<string, string>> = {
  imageRef: 'images',
  rescue_image_ref: 'images',
  flavorRef: 'flavors',
  key_name: 'os-keypairs',
  uuid: 'os-networks',
  user_id: 'users',
  userId: 'users',
  default_project_id: 'projects',
  tenant: 'projects',
  tenantId: 'projects',
  host: 'os-hosts',
};

/** Fields whose value may not be another thing's. */
const NAMES = ['name', 'label'];

/** How often a field is there that may be missing. */
const PRESENT = 0.2;

interface Field {
  readonly name: string;
  readonly inner: Shape | undefined;
  readonly isList: boolean;
  readonly mayBeAbsent: boolean;
  readonly values: readonly Node[];
}

const known = new Map<Shape, readonly Field[]>();

/** Whether the rules of a field take a value, whatever its object has besides. */
function takes(type: Shape, name: string, value: unknown): boolean {
  const probe = new type();
  if (value !== undefined) Reflect.set(probe, name, value);
  return !validateSync(probe, { stopAtFirstError: true }).some(({ property }) => property === name);
}

/** The words that a rule lists when it refuses another one. */
function listedWords(type: Shape, name: string): readonly string[] {
  const probe = new type();
  Reflect.set(probe, name, 'no word at all');
  const errors = validateSync(probe).filter(({ property }) => property === name);
  const messages = errors.flatMap(({ constraints }) => Object.values(constraints ?? {}));
  return messages.flatMap((text) => [...text.matchAll(/'([^']+)'/g)].map(([, word]) => word ?? ''));
}

function fieldsOf(type: Shape): readonly Field[] {
  const before = known.get(type);
  if (before !== undefined) return before;
  const fields = declaredFields(type).map(([name, inner]): Field => {
    const isList = inner !== undefined && takes(type, name, [new inner()]) && !takes(type, name, new inner());
    const values = [...CANDIDATES, ...listedWords(type, name)].filter((value) => takes(type, name, value));
    return {
      name,
      inner,
      isList: isList || takesListOf(type, name),
      mayBeAbsent: takes(type, name, undefined),
      values,
    };
  });
  known.set(type, fields);
  return fields;
}

const takesListOf = (type: Shape, name: string): boolean => takes(type, name, []) && !takes(type, name, {});

/** A body of that class which its rules take, as far as each field tells: what its fields rule together is left to chance. */
export function bodyOf(type: Shape, random: Random): NodeObject {
  const entries: [string, Node][] = [];
  const fields = fieldsOf(type);
  const required = fields.some(({ mayBeAbsent }) => !mayBeAbsent);
  const chosen = required ? undefined : random.pick(fields);
  for (const field of fields) {
    const isThere = !field.mayBeAbsent || field === chosen || random.chance(PRESENT);
    if (isThere) entries.push([field.name, valueOf(field, random)]);
  }
  return Object.fromEntries(entries);
}

function valueOf({ name, inner, isList, values }: Field, random: Random): Node {
  if (inner !== undefined) return isList ? [bodyOf(inner, random)] : bodyOf(inner, random);
  const collection = REFERENCES[name];
  if (collection !== undefined && random.chance(0.9)) return { $ref: collection, whose: 'own', at: random.next() };
  if (NAMES.includes(name) && random.chance(0.9)) return { $unique: name };
  return values.length === 0 ? null : random.pick(values);
}
