import { Inject, Injectable } from '@nestjs/common';
import { type Project, rolesSince, type User } from '@cairn/domain';
import { AUTHENTICATOR, DIRECTORY, KEYRING, LOG, PASSWORDS, type RequestScope } from '../core';
import type { Authenticator, IssuedToken, TokenMethod } from '../../identity/authenticator';
import type { Directory, Ref } from '../../identity/directory';
import { UserSecrets } from '../../identity/user-secrets';
import type { Keyring } from '../../keyring';
import type { Log } from '../../log';
import type { Passwords } from '../../passwords/passwords';
import { Lockout } from './lockout';

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

/** What a proof has shown when it was given; it holds while the user stays in the epoch. */
interface Proven {
  readonly userId: string;
  readonly epoch: number;
  readonly methods: readonly TokenMethod[];
  /** The token that was the proof. A token that a login by token issued ends with the token of that login. */
  readonly token?: { readonly id: string; readonly expiresAt: string };
}

/** A refused login. The caller does not learn the reason. */
export class LoginRefused extends Error {}

/** Issues tokens for proofs. Every refusal reads the same; only the log holds the reason. */
@Injectable()
export class Logins {
  private readonly secrets: UserSecrets;

  constructor(
    @Inject(DIRECTORY) private readonly directory: Directory,
    @Inject(KEYRING) keyring: Keyring,
    @Inject(PASSWORDS) passwords: Passwords,
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    @Inject(LOG) private readonly log: Log,
    private readonly lockout: Lockout,
  ) {
    this.secrets = new UserSecrets(keyring, passwords);
  }

  /** @throws LoginRefused; DomainError `unavailable` when the log cannot be asked */
  async logIn(login: Login, scope: RequestScope): Promise<IssuedToken> {
    const proofs = await Promise.all(login.proofs.map((proof) => this.prove(proof, scope)));
    const userId = proofs[0]?.userId ?? '';
    const project = await this.projectOf(login.project, userId);
    // The last thing to be waited for: to prove a password takes its time, and what was proven may have ended meanwhile.
    const user = await this.directory.user({ id: userId });
    if (user === undefined || !proofs.every((proof) => proof.userId === userId && holds(proof, user)))
      throw this.refused(scope, 'the proofs are of different users, or do not hold any more', userId);
    const ends = proofs.flatMap(({ token }) => token?.expiresAt ?? []).sort();
    const methods = [...new Set(proofs.flatMap((proof) => proof.methods))];
    const issued =
      project === null ? undefined : this.authenticator.issue({ user, project, methods, expiresAt: ends[0] });
    if (issued === undefined) throw this.refused(scope, 'no role in the project', userId);
    return issued;
  }

  private async prove(proof: Proof, scope: RequestScope): Promise<Proven> {
    if (proof.kind === 'token') {
      const principal = await this.authenticator.authenticate(proof.token);
      if (principal === undefined) throw this.refused(scope, 'the token is not good');
      const { userEpoch: epoch, ...token } = principal.token;
      return { userId: principal.actor.userId, epoch, methods: [...token.methods, 'token'], token };
    }
    const { user: ref, password } = proof;
    const turn = { party: scope.clientAddress ?? '', member: 'id' in ref ? ref.id : `${ref.domainId}/${ref.name}` };
    const user = await this.directory.user(ref);
    const userId = user?.record?.userId;
    if (userId !== undefined && (await this.lockout.holds(userId))) throw this.refused(scope, 'locked out', userId);
    const right = await this.secrets.verify(user?.record, password, turn);
    const proven = userId !== undefined && (await this.lockout.allows(userId, right, scope));
    if (!proven || user?.record?.enabled !== true)
      throw this.refused(scope, 'wrong user or password, locked out or disabled', userId);
    return { userId, epoch: user.epoch, methods: ['password'] };
  }

  /** The requested project; undefined for none, null if it does not exist. */
  private async projectOf(asked: Login['project'], userId: string): Promise<Project | undefined | null> {
    if (asked === null) return undefined;
    if (asked !== 'default') return (await this.directory.project(asked)) ?? null;
    const user = await this.directory.user({ id: userId });
    const id = user?.record?.defaultProjectId ?? null;
    const project = id === null ? undefined : await this.directory.project({ id });
    const usable = project !== undefined && rolesSince(project, userId, project.epoch).length > 0;
    return usable ? project : undefined;
  }

  private refused({ requestId, clientAddress }: RequestScope, why: string, user?: string): LoginRefused {
    this.log.warn('login refused', { requestId, clientAddress, why, user });
    return new LoginRefused('login refused');
  }
}

const holds = ({ epoch, token }: Proven, user: User): boolean =>
  epoch === user.epoch && (token === undefined || !Object.hasOwn(user.revokedTokens, token.id));
