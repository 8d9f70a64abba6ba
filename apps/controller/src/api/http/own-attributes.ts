import { applyDecorators } from '@nestjs/common';
import type { Attributes, JsonValue } from '@cairn/domain';
import { Transform, Type } from 'class-transformer';
import { getMetadataStorage, IsDefined, IsObject, ValidateNested } from 'class-validator';
import { HttpProblem } from './problem';

type Class = new () => object;

/** Where a body keeps the fields that its class does not have: a symbol, as a client may call a field anything. */
const OWN = Symbol('own attributes');

/** What one resource may say of itself: as much as Keystone's column for it holds. */
const MAX_BYTES = 65_535;

const fieldsOf = (type: Class): ReadonlySet<string> =>
  new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(type, '', true, false)
      .map(({ propertyName }) => propertyName),
  );

/**
 * An object that must be there, and may have fields beyond those of its class: `attributesOf` gives them. For users,
 * projects and what else Keystone lets clients describe in words of their own.
 */
export const NestedWithAttributes = (type: () => Class): PropertyDecorator =>
  applyDecorators(
    ValidateNested(),
    Type(type),
    Transform(({ value, obj, key }: { value: unknown; obj: Readonly<Record<string, unknown>>; key: string }) =>
      gathered(value, obj[key], fieldsOf(type())),
    ),
    IsObject(),
    IsDefined(),
  );

function gathered(made: unknown, given: unknown, known: ReadonlySet<string>): unknown {
  if (typeof made !== 'object' || made === null || typeof given !== 'object' || given === null) return made;
  const own = Object.entries(given).filter(([name]) => !known.has(name));
  for (const [name] of own) Reflect.deleteProperty(made, name);
  Reflect.set(made, OWN, Object.fromEntries(own));
  return made;
}

/**
 * The fields of a body that its class does not have; undefined when there are none.
 * @param shown names under which the resource shows something else: they are not the client's to choose.
 * @throws HttpProblem 400 for more than can be kept.
 */
export function attributesOf(body: object, shown: readonly string[]): Attributes | undefined {
  const own = Object.entries((Reflect.get(body, OWN) ?? {}) as Readonly<Record<string, JsonValue>>);
  const kept = own.filter(([name]) => !shown.includes(name));
  const bytes = Buffer.byteLength(JSON.stringify(kept));
  if (bytes > MAX_BYTES)
    throw new HttpProblem(400, `Attributes of one's own may have ${String(MAX_BYTES)} bytes of JSON.`);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
