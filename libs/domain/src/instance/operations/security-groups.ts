import { DomainError } from '../../kernel/errors';
import { UNFILTERED } from '../../security-groups/default-group';
import { type GroupRef, groupsOf, isUnfiltered } from '../groups/guard';
import { type Instance, withRequest } from '../state';
import type { Allowed } from './allowed';
import { irregularImmediateOperation } from './definition';

interface Chosen {
  readonly group: GroupRef;
}

/** All groups of the server from now on. */
interface Groups {
  readonly groups: readonly GroupRef[];
  /** Nothing is filtered all the same. Absent: the groups say what passes. */
  readonly unfiltered?: true;
}

const ALLOWED: Allowed = { vmStates: 'any', tasks: 'any' };

const COMMON = {
  past: 'security-groups-changed',
  meaning: 'The server is in these security groups from now on.',
  allowed: ALLOWED,
  isListed: false,
  ignoresLock: true,
  evolve: (instance: Instance, { groups, unfiltered }: Groups): Instance => ({
    ...withRequest(instance, { groups }),
    unfiltered: unfiltered === true,
    groupsRevision: (instance.groupsRevision ?? 0) + 1,
  }),
} as const;

const groups = (all: readonly GroupRef[], unfiltered: boolean): Groups => ({
  groups: all,
  ...(unfiltered ? { unfiltered } : {}),
});

const has = (all: readonly GroupRef[], { groupId }: GroupRef): boolean => all.some((one) => one.groupId === groupId);

/** In nova's words. */
const refuse = (code: string, message: string): never => {
  throw new DomainError('invalid', `instance.${code}`, message);
};

export const addSecurityGroup = irregularImmediateOperation('AddSecurityGroup', {
  ...COMMON,
  name: 'add-security-group',
  title: 'add security group',
  decide({ group }: Chosen, instance) {
    const { request } = instance;
    const before = groupsOf(instance);
    if (has(before, group)) {
      const server = request?.instanceId ?? '';
      refuse('in-group', `Security group ${group.groupId} is already associated with the instance ${server}`);
    }
    return groups([...before, group], isUnfiltered(instance));
  },
});

/** A server that nothing is filtered for gives up UNFILTERED like a group; from then on its groups filter it. */
export const removeSecurityGroup = irregularImmediateOperation('RemoveSecurityGroup', {
  ...COMMON,
  name: 'remove-security-group',
  title: 'remove security group',
  decide({ group }: Chosen, instance) {
    const { request } = instance;
    const before = groupsOf(instance);
    if (group.name === UNFILTERED && isUnfiltered(instance)) return groups(before, false);
    if (!has(before, group)) {
      const server = request?.instanceId ?? '';
      refuse('not-in-group', `Security group ${group.groupId} is not associated with the instance ${server}`);
    }
    return groups(
      before.filter(({ groupId }) => groupId !== group.groupId),
      isUnfiltered(instance),
    );
  },
});
