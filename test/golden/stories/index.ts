import type { Story } from '../story';
import { deletions } from './deletions';
import { enrolments } from './enrolments';
import { launches } from './launches';
import { operations } from './operations';
import { records } from './records';
import { statements } from './statements';

/** Every story that is recorded. Their names are those of the files; a name that was recorded is never used anew. */
export const stories: readonly Story[] = [
  ...launches,
  ...operations,
  ...deletions,
  ...records,
  ...enrolments,
  ...statements,
];
