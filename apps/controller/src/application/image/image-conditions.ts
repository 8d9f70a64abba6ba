import { VISIBILITIES } from '@cairn/domain';
import type { ImageRow } from '@cairn/projections';
import { all, any, type Asking, type Condition, oneOf, ofOwnProject } from '../lists';

/** Images that are there, of all states and visibilities by name: so that an index finds them among those deleted. */
export const THERE: Condition<ImageRow> = all([
  oneOf('status', ['queued', 'saving', 'active']),
  oneOf('visibility', VISIBILITIES),
]);

/** Those that the caller may know of by their ids, in a list or not. */
export const knownImages = (asking: Asking): Condition<ImageRow> =>
  asking.rights.isAdmin
    ? THERE
    : all([THERE, any([ofOwnProject<ImageRow>(asking), oneOf('visibility', ['public', 'community'])])]);
