import type { Principal } from './authenticator';
import type { Standing } from './directory';
import { effectiveRoles } from './roles';
import type { TokenContent } from './token-format';

/** The principal of a token, by present users, projects and roles; undefined when the token is not valid. */
export function principalOf(content: TokenContent, standing: Standing): Principal | undefined {
  const { id, userId, projectId, methods, issuedAt, expiresAt } = content;
  const { user, project, roles, revoked } = standing;
  if (revoked || user?.enabled !== true) return undefined;
  if (user.tokensValidFrom !== null && issuedAt < user.tokensValidFrom) return undefined;
  if (projectId !== null && (project?.enabled !== true || roles.length === 0)) return undefined;
  return {
    actor: { userId, projectId, domainId: project?.domainId ?? user.domainId, roles: effectiveRoles(roles) },
    userName: user.name,
    userDomainId: user.domainId,
    projectName: project?.name ?? null,
    token: { id, methods, issuedAt, expiresAt },
  };
}
