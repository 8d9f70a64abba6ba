/** Where the embedded store says which one it is. An EventStoreDB has no such stream. */
export const STORE_STREAM = '$store';

/** The history that the newest event of that stream names; undefined where it is not what the embedded store writes. */
export function historyIn(data: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const { storeId, epoch } = data ?? {};
  if (typeof storeId !== 'string' || typeof epoch !== 'number') return undefined;
  return `${storeId}/${String(epoch)}`;
}
