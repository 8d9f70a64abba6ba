import type { EventCatalogue } from '../kernel/catalogue';
import type { SecurityGroupEvent } from './events';

export const securityGroupsEvents: EventCatalogue<SecurityGroupEvent> = {
  'security-group.created.v1': {
    meaning: 'The project has a security group, with the rules that every group begins with.',
    shown: true,
  },
  'security-group.updated.v1': { meaning: 'The group has this name and description from now on.', shown: true },
  'security-group.deleted.v1': { meaning: 'The group is gone, with its rules.', shown: true },
  'security-group.rule-added.v1': { meaning: 'The group lets more pass to its members, or from them.', shown: true },
  'security-group.rule-removed.v1': { meaning: 'The group lets this pass no more.', shown: true },
  'security-group.member-set.v1': {
    meaning: 'A server is in these groups of the project, with these addresses, on these hosts.',
    shown: false,
  },
  'security-group.member-left.v1': { meaning: 'A server is in no group of the project any more.', shown: false },
  'security-group.host-updated.v1': {
    meaning: "A host filters by the project's groups as they were at this version.",
    shown: false,
  },
  'security-group.host-not-updated.v1': {
    meaning: 'A host could not take over the rules of the groups, or did not answer; it is asked again later.',
    shown: false,
  },
};
