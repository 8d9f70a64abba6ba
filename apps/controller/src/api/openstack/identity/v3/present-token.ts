import { domainById } from '../../../../identity/domains';
import { roleByName } from '../../../../identity/roles';
import type { Principal } from '../../../../identity/authenticator';
import { type CatalogService, endpointId, INTERFACES, urlFor } from '../catalog';

/** Keystone's times have microseconds. */
const keystoneTime = (at: string): string => at.replace(/Z$/, '000Z');

const domainOf = (id: string | null): object => ({ id, name: domainById(id ?? '')?.name ?? '' });

/** The catalog for a project; services without a URL there are left out. */
export const presentCatalog = (
  services: readonly CatalogService[],
  projectId: string | null,
  region: string,
): readonly object[] =>
  services.flatMap((service) => {
    const { id, type, name } = service;
    const endpoints = INTERFACES.flatMap((face) => {
      const url = urlFor(service, projectId, face);
      if (url === undefined) return [];
      return [{ id: endpointId(type, face), interface: face, region, region_id: region, url }];
    });
    return endpoints.length === 0 ? [] : [{ id, type, name, endpoints }];
  });

/** `{"token": …}` of POST and GET /v3/auth/tokens. */
export function presentToken(principal: Principal, catalog: readonly object[] | undefined): object {
  const { actor, token, userName, userDomainId, projectName } = principal;
  const scoped =
    actor.projectId === null
      ? {}
      : {
          project: { id: actor.projectId, name: projectName, domain: domainOf(actor.domainId) },
          is_domain: false,
          roles: actor.roles.map((name) => ({ id: roleByName(name)?.id, name })),
          ...(catalog === undefined ? {} : { catalog }),
        };
  return {
    token: {
      methods: token.methods,
      user: { id: actor.userId, name: userName, domain: domainOf(userDomainId), password_expires_at: null },
      audit_ids: [token.id],
      issued_at: keystoneTime(token.issuedAt),
      expires_at: keystoneTime(token.expiresAt),
      ...scoped,
    },
  };
}
