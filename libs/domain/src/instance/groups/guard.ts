import { DEFAULT_GROUP_NAME, defaultGroupId } from '../../security-groups/default-group';
import type { PortGuard } from '../../security-groups/jobs';
import type { LaunchRequest } from '../launch/request';
import type { Instance } from '../state';

/** A security group as a server names it: by the name that it had when the server was put into it. */
export interface GroupRef {
  readonly groupId: string;
  readonly name: string;
}

/** The groups of a launch. One of a release without groups is in its project's default group. */
export const groupsAtLaunch = ({
  groups,
  projectId,
}: Pick<LaunchRequest, 'groups' | 'projectId'>): readonly GroupRef[] =>
  groups ?? [{ groupId: defaultGroupId(projectId), name: DEFAULT_GROUP_NAME }];

/** The groups of a server. */
export const groupsOf = ({ request }: Instance): readonly GroupRef[] =>
  request === undefined ? [] : groupsAtLaunch(request);

/** Whether nothing is filtered for the server: it was launched before there were groups, and nobody has changed that. */
export const isUnfiltered = ({ request, unfiltered = request?.groups === undefined }: Instance): boolean => unfiltered;

/** The groups that its host filters its ports by; undefined for a server that hosts need not be told about. */
export function guardOf(state: Instance): PortGuard | undefined {
  if (state.request?.groups === undefined) return undefined;
  return {
    groups: groupsOf(state).map(({ groupId }) => groupId),
    revision: state.groupsRevision ?? 0,
    ...(isUnfiltered(state) ? { unfiltered: true } : {}),
  };
}
