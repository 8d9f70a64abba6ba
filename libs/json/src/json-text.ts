import { deepText } from './deep-text';

/** What JSON.stringify writes, for values of any depth. */
export function jsonText(value: object): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return deepText(value, Object.keys);
  }
}
