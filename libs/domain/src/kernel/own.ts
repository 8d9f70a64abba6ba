/**
 * What an object used as a map holds under a key that somebody chose; undefined for keys that it only inherits, such as
 * `constructor`.
 */
export const own = <T>(map: Readonly<Record<string, T>>, key: string): T | undefined =>
  // eslint-disable-next-line cairn/own-keys -- it is its own: this is where that is asked
  Object.hasOwn(map, key) ? map[key] : undefined;
