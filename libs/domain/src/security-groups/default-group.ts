import { deriveId } from '../ids';
import type { StreamRef } from '../kernel/aggregate';
import type { SecurityRule } from './rule';

export const securityGroupsRef = (projectId: string): StreamRef => ({ category: 'securitygroups', id: projectId });

export const DEFAULT_GROUP_NAME = 'default';

/**
 * Shown beside the groups of a server that was launched before Cairn had groups: nothing is filtered for it until a tenant
 * takes that away. No group can have the name.
 */
export const UNFILTERED = 'unfiltered';

/** A project's default group has one id, however it comes. */
export const defaultGroupId = (projectId: string): string => deriveId(projectId, 'security-group', 'default');

/** The rules that a group begins with: they let everything out. */
export const egressRules = (groupId: string): readonly SecurityRule[] =>
  (['IPv4', 'IPv6'] as const).map((ethertype) => ({
    ruleId: deriveId(groupId, 'egress', ethertype),
    direction: 'egress',
    ethertype,
    protocol: null,
    from: null,
    to: null,
    remote: null,
  }));
