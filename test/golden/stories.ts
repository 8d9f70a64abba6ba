import { join } from 'node:path';
import { modulesIn } from '../../libs/domain/src/testing/modules-in';
import type { Story } from './story';

/**
 * Every story that is recorded: all lists of stories in the files of the folder `stories`. Their names are those of the
 * recorded files; a recorded name is never used again.
 */
export const stories: readonly Story[] = [...modulesIn(join(__dirname, 'stories')).values()].flatMap(
  (module) => Object.values(module).flat() as readonly Story[],
);
