import type { Story } from '../story';
import { deletions } from './deletions';
import { enrolments } from './enrolments';
import { launches } from './launches';
import { operations } from './operations';
import { records } from './records';
import { requests } from './requests';
import { serverGroups } from './server-groups';
import { statements } from './statements';

/** Every story that is recorded. Their names are those of the files; a recorded name is never used again. */
export const stories: readonly Story[] = [
  ...launches,
  ...operations,
  ...deletions,
  ...records,
  ...enrolments,
  ...serverGroups,
  ...requests,
  ...statements,
];
