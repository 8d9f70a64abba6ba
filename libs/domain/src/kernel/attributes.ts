export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** What a client says of a resource in fields of its own, by name: Keystone's `extra`. */
export type Attributes = Readonly<Record<string, JsonValue>>;

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Leaves out changes that change nothing. If one of the client's own `attributes` changes, the result holds all of them,
 * old and new.
 */
export function changesOf<C extends { readonly attributes?: Attributes }>(
  record: Readonly<Record<string, unknown>> & { readonly attributes?: Attributes },
  changes: C,
): Partial<C> {
  const { attributes = {}, ...others } = changes;
  const merged =
    Object.keys(attributes).length === 0
      ? others
      : { ...others, attributes: Object.fromEntries(entriesOf(record.attributes, attributes)) };
  const changed = Object.entries(merged).filter(([name, value]) => !equal(own(record, name) ?? null, value ?? null));
  return Object.fromEntries(changed) as Partial<C>;
}

/** Names are the client's choice, and `__proto__` is one: no object is spread into another here. */
const entriesOf = (old: Attributes = {}, fresh: Attributes): readonly (readonly [string, JsonValue])[] => [
  ...new Map([...Object.entries(old), ...Object.entries(fresh)]),
];
import { own } from './own';
