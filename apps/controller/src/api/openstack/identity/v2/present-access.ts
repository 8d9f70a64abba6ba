import { roleByName } from '../../../../identity/roles';
import type { ProjectView, UserView } from '../../../../application/user/views';
import type { Principal } from '../../../../identity/authenticator';
import { type CatalogService, endpointId, type Interface, urlFor } from '../catalog';

/** v2.0 has whole seconds. */
const seconds = (at: string): string => at.replace(/\.\d+Z$/, 'Z');

export const presentTenant = ({ id, name, description, enabled }: ProjectView): object => ({
  id,
  name,
  description,
  enabled,
});

export const presentUser = ({ id, name, email, enabled, defaultProjectId }: UserView): object => ({
  id,
  name,
  username: name,
  email,
  enabled,
  tenantId: defaultProjectId,
});

/** The catalog for a tenant, in which the identity service is v2.0 itself. */
function presentCatalog(services: readonly CatalogService[], projectId: string, region: string): readonly object[] {
  return services.flatMap((service) => {
    const { name, type } = service;
    const at = (face: Interface): string | undefined =>
      type === 'identity' ? service.urls[face].replace(/\/v3$/, '/v2.0') : urlFor(service, projectId, face);
    const url = at('public');
    if (url === undefined) return [];
    const endpoint = {
      id: endpointId(type, 'public'),
      region,
      publicURL: url,
      internalURL: url,
      adminURL: at('admin'),
    };
    return [{ type, name, endpoints: [endpoint], endpoints_links: [] }];
  });
}

/** `{"access": …}` of POST and GET /v2.0/tokens. */
export function presentAccess(
  { actor, token, userName }: Principal,
  tokenText: string,
  tenant: ProjectView | undefined,
  services: readonly CatalogService[],
  region: string,
): object {
  const roles = actor.roles.map((name) => ({ id: roleByName(name)?.id ?? '', name }));
  return {
    access: {
      token: {
        id: tokenText,
        issued_at: token.issuedAt,
        expires: seconds(token.expiresAt),
        audit_ids: [token.id],
        ...(tenant === undefined ? {} : { tenant: presentTenant(tenant) }),
      },
      serviceCatalog: tenant === undefined ? [] : presentCatalog(services, tenant.id, region),
      user: {
        id: actor.userId,
        name: userName,
        username: userName,
        roles: roles.map(({ name }) => ({ name })),
        roles_links: [],
      },
      metadata: { is_admin: 0, roles: roles.map(({ id }) => id) },
    },
  };
}
