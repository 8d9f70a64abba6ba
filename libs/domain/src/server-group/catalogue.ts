import type { EventCatalogue } from '../kernel/catalogue';
import type { ServerGroupEvent } from './events';

export const serverGroupEvents: EventCatalogue<ServerGroupEvent> = {
  'server-group.created.v1': {
    meaning: 'Servers can be launched as members of the group, whose policy says how they share hosts.',
    shown: true,
  },
  'server-group.creation-abandoned.v1': {
    meaning: 'Quota was reserved for a group that never came; it cannot come any more.',
    shown: false,
  },
  'server-group.deleted.v1': {
    meaning: 'The group is gone; its members stay, and its policy no longer holds for them.',
    shown: true,
  },
  'server-group.quota-released.v1': {
    meaning: 'The deleted group does not count against the quota of its project any more.',
    shown: false,
  },
  'server-group.member-placed.v1': {
    meaning: 'The group grants a member the host that the scheduler chose: the policy holds there.',
    shown: false,
  },
  'server-group.member-released.v1': {
    meaning: 'A member has left its host: it was deleted, or its launch failed.',
    shown: false,
  },
};
