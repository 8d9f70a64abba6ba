import { type Project, rolesSince, type User } from '@cairn/domain';
import type { Principal } from './authenticator';
import { effectiveRoles } from './roles';
import type { TokenContent } from './token-format';

/**
 * The principal of a token by the states of its user and project; undefined when the token does not count.
 * @param project the token's; undefined without one
 */
export function principalOf(content: TokenContent, user: User, project: Project | undefined): Principal | undefined {
  const { id, userId, projectId, methods, issuedAt, expiresAt, userEpoch, projectEpoch } = content;
  const { record } = user;
  if (user.life !== 'live' || record?.enabled !== true) return undefined;
  if (user.epoch !== userEpoch || Object.hasOwn(user.revokedTokens, id)) return undefined;
  const roles = project === undefined ? [] : rolesSince(project, userId, projectEpoch);
  if (projectId !== null && roles.length === 0) return undefined;
  return {
    actor: { userId, projectId, domainId: project?.record?.domainId ?? record.domainId, roles: effectiveRoles(roles) },
    userName: record.name,
    userDomainId: record.domainId,
    projectName: project?.record?.name ?? null,
    token: { id, methods, issuedAt, expiresAt, userEpoch },
  };
}
