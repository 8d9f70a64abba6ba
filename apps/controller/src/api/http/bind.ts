import { getMetadataStorage } from 'class-validator';
import { HttpProblem } from './problem';
import { unexpectedField } from './validation-message';

/** The class of a body, a query or an object in one: its fields are the properties that have rules. */
export type Shape = new () => object;

/** How the values of a field are bound that are objects themselves. */
interface NestedField {
  readonly type: () => Shape;
  /** The object may have fields that its class does not have: see `attributesOf`. */
  readonly keepsOthers?: boolean;
  /** Words that a client may write instead of an object, with the object that each stands for. */
  readonly words?: ReadonlyMap<unknown, object>;
}

const nestedFields = new WeakMap<object, Map<string, NestedField>>();

/** Declares what the objects in a field are made of. */
export const BindsTo =
  (field: NestedField): PropertyDecorator =>
  (prototype, property) => {
    const fields = nestedFields.get(prototype) ?? new Map<string, NestedField>();
    nestedFields.set(prototype, fields.set(String(property), field));
  };

function nestedOf(prototype: object | null, name: string): NestedField | undefined {
  for (let at = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const found = nestedFields.get(at)?.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

const knownFields = new WeakMap<Shape, ReadonlySet<string>>();

function fieldsOf(type: Shape): ReadonlySet<string> {
  const known = knownFields.get(type);
  if (known !== undefined) return known;
  const names = getMetadataStorage()
    .getTargetValidationMetadatas(type, '', true, false)
    .map(({ propertyName }) => propertyName);
  const fields = new Set(names);
  knownFields.set(type, fields);
  return fields;
}

/** The fields of a class, each with the class of the objects in it if it has one. */
export const declaredFields = (type: Shape): readonly (readonly [string, Shape | undefined])[] =>
  [...fieldsOf(type)].map((name) => [name, nestedOf(type.prototype as object, name)?.type()]);

const others = new WeakMap<object, ReadonlyMap<string, unknown>>();

/** The fields of a bound object that its class does not have, by name. */
export const otherFields = (bound: object): ReadonlyMap<string, unknown> => others.get(bound) ?? new Map();

/** An object of JSON: no list, and not null. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * An instance of a class with the fields that it declares; a value that is no object of a declared class stays the very
 * value that was given, whatever its keys are. Rules are not checked here.
 *
 * @param given an object of JSON, or a query.
 * @param unknown what happens to fields that the class does not have.
 * @throws HttpProblem 400 in nova's words for a field that may not be there.
 */
export function bind(type: Shape, given: object, unknown: 'refuse' | 'drop'): object {
  return new Binder(given, unknown).object(type, given, [], false);
}

class Binder {
  constructor(
    private readonly body: object,
    private readonly unknown: 'refuse' | 'drop',
  ) {}

  object(type: Shape, given: object, path: readonly string[], keepsOthers: boolean): object {
    const fields = fieldsOf(type);
    const made = new type();
    const rest = new Map<string, unknown>();
    for (const [name, value] of Object.entries(given)) {
      if (fields.has(name)) Reflect.set(made, name, this.value(made, name, value, [...path, name]));
      else if (keepsOthers) rest.set(name, value);
      else if (this.unknown === 'refuse') throw new HttpProblem(400, unexpectedField(this.body, path, name));
    }
    if (rest.size > 0) others.set(made, rest);
    return made;
  }

  private value(made: object, name: string, value: unknown, path: readonly string[]): unknown {
    const nested = nestedOf(made, name);
    if (nested === undefined) return value;
    const { type, keepsOthers = false, words } = nested;
    const one = (given: unknown, at: readonly string[]): unknown => {
      const item = words?.get(given) ?? given;
      return isObject(item) ? this.object(type(), item, at, keepsOthers) : item;
    };
    return Array.isArray(value)
      ? value.map((item: unknown, index) => one(item, [...path, String(index)]))
      : one(value, path);
  }
}
