import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { bare } from './outcome';

/** The files that tell Tempest of the cloud, and the words in which they differ. */
export const CONFIGURATIONS = {
  'tempest.conf': { IMAGE_V1: 'True', NETWORK: 'private' },
  /** Version 1 of Glance's API is not used where it is on; and where a network has a name, it is asked for in every microversion. */
  'later.conf': { IMAGE_V1: 'False', NETWORK: '' },
} as const;

export type Configuration = keyof typeof CONFIGURATIONS;

const LATER = join(__dirname, 'later.txt');

export const readLater = (): readonly string[] =>
  readFileSync(LATER, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

/** Which tests run with which configuration. @param later as `readLater` gives it: a test, class or module. */
export function byConfiguration(
  ids: readonly string[],
  later: readonly string[],
): readonly (readonly [Configuration, readonly string[]])[] {
  const isLater = (id: string): boolean => later.some((name) => bare(id) === name || bare(id).startsWith(`${name}.`));
  const parts = [
    ['tempest.conf', ids.filter((id) => !isLater(id))],
    ['later.conf', ids.filter(isLater)],
  ] as const;
  return parts.filter(([, part]) => part.length > 0);
}
