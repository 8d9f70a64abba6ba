/** Notes a value in a map that has no more than `most`: the oldest entry goes first. */
export function remember<K, V>(known: Map<K, V>, key: K, value: V, most: number): void {
  known.set(key, value);
  const oldest = known.keys().next();
  if (known.size > most && oldest.done !== true) known.delete(oldest.value);
}
