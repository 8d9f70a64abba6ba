/** The messages of a map from their types to their data, as a union that `type` tells apart. */
export type MessagesOf<Data> = MessageOf<Data, keyof Data & string>;

/** The messages of some types of such a map. */
export type MessageOf<Data, T extends keyof Data & string> = {
  readonly [P in T]: { readonly type: P; readonly data: Data[P] };
}[T];

/**
 * Looks up the entry of a message's type.
 * @throws Error for a type without an entry, which is a bug.
 */
export function entryOf<Table extends object, T extends keyof Table>(table: Table, type: T): Table[T] {
  if (!Object.hasOwn(table, type)) throw new Error(`unreachable: ${String(type)}`);
  return table[type];
}
