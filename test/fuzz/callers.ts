import { HOST_HEADER } from '@cairn/host-protocol';

import { principalOf } from '../../apps/controller/src/application/core/testing/fake-core';
import type { Principal } from '../../apps/controller/src/identity/authenticator';

/** Those who call, by what they may do: `member`, `reader` and `norole` share a project, `other` is in another one. */
export const CALLERS = [
  'admin',
  'member',
  'other',
  'reader',
  'norole',
  'unscoped',
  'host',
  'stranger',
  'nobody',
] as const;
export type CallerName = (typeof CALLERS)[number];

/** Ids of users and projects, by name. */
export type IdsByName = Readonly<Record<'users' | 'projects', Readonly<Record<string, string>>>>;

interface Standing {
  /** Whose names and ids it has in the identity service. */
  readonly project: string | null;
  readonly roles: readonly string[];
}

const STANDING: Partial<Readonly<Record<CallerName, Standing>>> = {
  admin: { project: 'admin', roles: ['admin', 'member', 'reader'] },
  member: { project: 'demo', roles: ['member', 'reader'] },
  other: { project: 'others', roles: ['member', 'reader'] },
  reader: { project: 'demo', roles: ['reader'] },
  norole: { project: 'demo', roles: [] },
  unscoped: { project: null, roles: [] },
};

/**
 * The callers of one cloud. Their tokens are good whatever happens to users and projects: what revokes tokens is fuzzed
 * without shutting the callers out.
 */
export class Callers {
  private readonly principals = new Map<CallerName, Principal>();

  constructor(
    private readonly hostId: string,
    private readonly hostSecret: () => string,
  ) {
    this.settle({ users: {}, projects: {} });
  }

  /** Gives callers the ids of users and projects. */
  settle(ids: IdsByName): void {
    for (const [name, { project, roles }] of Object.entries(STANDING) as [CallerName, Standing][]) {
      const projectId = project === null ? null : (ids.projects[project] ?? null);
      this.principals.set(name, principalOf(ids.users[name] ?? name, projectId, ...roles));
    }
  }

  principal(token: string): Principal | undefined {
    return this.principals.get(token as CallerName);
  }

  projectOf(name: CallerName): string | undefined {
    return this.principals.get(name)?.actor.projectId ?? undefined;
  }

  /** The headers by which a caller says who it is. */
  credentials(name: CallerName): Readonly<Record<string, string>> {
    if (name === 'nobody') return {};
    if (name === 'host') return { [HOST_HEADER]: this.hostId, authorization: `Bearer ${this.hostSecret()}` };
    return { 'x-auth-token': name };
  }
}
