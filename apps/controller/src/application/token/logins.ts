import { Inject, Injectable } from '@nestjs/common';
import { later } from '@cairn/domain';
import { ProjectRow, type ReadModel, UserRow } from '@cairn/projections';
import type { ControllerConfig } from '../../config';
import { AUTHENTICATOR, CLOCK, CONFIG, KEYRING, LOG, PASSWORDS, RANDOM, READ_MODEL, type RequestScope } from '../core';
import type { Authenticator, Principal, TokenMethod } from '../../identity/authenticator';
import type { Keyring } from '../../keyring';
import type { Log } from '../../log';
import type { Passwords } from '../../passwords/passwords';
import type { Random } from '../../random';
import type { Clock } from '../../runtime/ports';
import { Directory } from '../../identity/directory';
import { principalOf } from '../../identity/principal';
import { Lockout } from './lockout';
import { type TokenContent, writeToken } from '../../identity/token-format';
import { UserSecrets } from '../../identity/user-secrets';

/** By id, or by a name that is unique in a domain. */
export type Ref = { readonly id: string } | { readonly name: string; readonly domainId: string };

/** The caller's proofs of identity. */
export type Proof =
  | { readonly kind: 'password'; readonly user: Ref; readonly password: string }
  | { readonly kind: 'token'; readonly token: string };

export interface Login {
  /** At least one; all of them must prove the same user. */
  readonly proofs: readonly Proof[];
  /** `default`: the user's default project, if it can be used; null: no scope. */
  readonly project: Ref | 'default' | null;
}

/** A token, and who it is for. */
export interface IssuedToken {
  readonly text: string;
  readonly principal: Principal;
}

interface Proven {
  readonly user: UserRow;
  readonly methods: readonly TokenMethod[];
  /** A token that a login by token issued ends with the token of that login. */
  readonly expiresAt: string | undefined;
}

const AUDIT_ID_BYTES = 16;

/** A refused login. The caller does not learn the reason. */
export class LoginRefused extends Error {}

/** Issues tokens for proofs. Every refusal reads the same; only the log holds the reason. */
@Injectable()
export class Logins {
  private readonly directory: Directory;
  private readonly secrets: UserSecrets;

  constructor(
    @Inject(READ_MODEL) readModel: ReadModel,
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(PASSWORDS) passwords: Passwords,
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM) private readonly random: Random,
    @Inject(CONFIG) private readonly config: ControllerConfig,
    @Inject(LOG) private readonly log: Log,
    private readonly lockout: Lockout,
  ) {
    this.directory = new Directory(readModel);
    this.secrets = new UserSecrets(keyring, passwords);
  }

  /** @throws LoginRefused */
  async logIn(login: Login, scope: RequestScope): Promise<IssuedToken> {
    const proven = await this.prove(login.proofs, scope);
    const project = await this.projectOf(login.project, proven.user);
    const now = this.clock.now();
    const content: TokenContent = {
      id: this.random.bytes(AUDIT_ID_BYTES).toString('base64url'),
      userId: proven.user.id,
      projectId: project?.id ?? null,
      methods: proven.methods,
      issuedAt: now,
      expiresAt: proven.expiresAt ?? later(now, this.config.tokenTtlSeconds * 1000),
    };
    const roles =
      project === null || project === undefined ? [] : await this.directory.rolesOf(proven.user.id, project.id);
    const standing = { user: proven.user, project: project ?? null, roles, revoked: false };
    const principal = project === undefined ? undefined : principalOf(content, standing);
    if (principal === undefined) throw this.refused(scope, 'no role in the project');
    return { text: writeToken(content, this.keyring), principal };
  }

  private async prove(proofs: readonly Proof[], scope: RequestScope): Promise<Proven> {
    const all = await Promise.all(proofs.map((proof) => this.proveOne(proof, scope)));
    const [first] = all;
    if (first === undefined || all.some(({ user }) => user.id !== first.user.id))
      throw this.refused(scope, 'the proofs are of different users');
    const ends = all.flatMap(({ expiresAt }) => expiresAt ?? []).sort();
    return { user: first.user, methods: [...new Set(all.flatMap(({ methods }) => methods))], expiresAt: ends[0] };
  }

  private async proveOne(proof: Proof, scope: RequestScope): Promise<Proven> {
    if (proof.kind === 'token') {
      const principal = await this.authenticator.authenticate(proof.token);
      const user = principal === undefined ? null : await this.directory.userById(principal.actor.userId);
      if (principal === undefined || user === null) throw this.refused(scope, 'the token is not good');
      const methods = new Set<TokenMethod>([...principal.token.methods, 'token']);
      return { user, methods: [...methods], expiresAt: principal.token.expiresAt };
    }
    const { user: ref, password } = proof;
    const user = await ('id' in ref
      ? this.directory.userById(ref.id)
      : this.directory.userByName(ref.domainId, ref.name));
    if (user !== null && (await this.lockout.holds(user.id))) throw this.refused(scope, 'locked out', user.id);
    const turn = { party: scope.clientAddress ?? '', member: 'id' in ref ? ref.id : `${ref.domainId}/${ref.name}` };
    const right = await this.secrets.verify(user, password, turn);
    const proven = user !== null && (await this.lockout.allows(user.id, right, scope));
    if (!proven || !user.enabled) throw this.refused(scope, 'wrong user or password, locked out or disabled', user?.id);
    return { user, methods: ['password'], expiresAt: undefined };
  }

  /** The requested project; null for none, undefined if it does not exist. */
  private async projectOf(asked: Login['project'], user: UserRow): Promise<ProjectRow | null | undefined> {
    if (asked === null) return null;
    if (asked !== 'default') {
      const found =
        'id' in asked ? this.directory.projectById(asked.id) : this.directory.projectByName(asked.domainId, asked.name);
      return (await found) ?? undefined;
    }
    if (user.defaultProjectId === null) return null;
    const project = await this.directory.projectById(user.defaultProjectId);
    const usable = project?.enabled === true && (await this.directory.rolesOf(user.id, project.id)).length > 0;
    return usable ? project : null;
  }

  private refused({ requestId, clientAddress }: RequestScope, why: string, user?: string): LoginRefused {
    this.log.warn('login refused', { requestId, clientAddress, why, user });
    return new LoginRefused('login refused');
  }
}
