import type { EventCatalogue } from '../kernel/catalogue';
import type { ProjectEvent } from './decider';

export const projectEvents: EventCatalogue<ProjectEvent> = {
  'project.created.v1': {
    meaning: 'A project exists in which users may have roles.',
    shown: true,
  },
  'project.creation-abandoned.v1': {
    meaning: 'The name of this project was claimed but the project never came; it cannot come any more.',
    shown: false,
  },
  'project.updated.v1': {
    meaning: 'Some of what is said of the project has changed; only that is in the event.',
    shown: true,
  },
  'project.deleted.v1': {
    meaning: 'The project is gone, and all roles in it.',
    shown: true,
  },
  'project.role-granted.v1': {
    meaning: 'A user has this role in the project.',
    shown: true,
  },
  'project.role-revoked.v1': {
    meaning: 'The user does not have this role in the project any more.',
    shown: true,
  },
};
