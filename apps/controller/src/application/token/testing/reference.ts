/** What must be true of logins and tokens, told as simply as it can be: every change says which tokens it ends. */

export const USERS = ['ada', 'bob'] as const;
export const PROJECTS = ['red', 'blue'] as const;
export const ROLES = ['member', 'reader'] as const;
export const TTL_MS = 3_600_000;

export type UserName = (typeof USERS)[number];
export type ProjectName = (typeof PROJECTS)[number];
export type RoleName = (typeof ROLES)[number];

export interface Issued {
  readonly user: UserName;
  readonly project: ProjectName | null;
  readonly expiresAt: number;
  ended: boolean;
  /** Roles that were taken since it was issued. */
  readonly lost: Set<RoleName>;
}

/** A login whose password is being hashed, or a token that is being exchanged. */
export interface UnderWay {
  readonly user: UserName;
  readonly project: ProjectName | null;
  /** Whether the proof was good when it was given. */
  readonly good: boolean;
  readonly by: Issued | undefined;
  ended: boolean;
}

export class Reference {
  private readonly passwords = new Map<UserName, string>(USERS.map((user) => [user, 'p0']));
  private readonly disabled = new Set<UserName>();
  private readonly closed = new Set<ProjectName>();
  private readonly roles = new Map<string, Set<RoleName>>();
  private readonly tokens: Issued[] = [];
  private readonly underWay = new Set<UnderWay>();
  private time = -Infinity;

  /** The time by which tokens end: the clock's, but never back. */
  look(clock: number, passed: number): void {
    this.time = clock >= this.time ? clock : this.time + passed;
  }

  passwordOf(user: UserName): string {
    return this.passwords.get(user) ?? '';
  }

  change(user: UserName, password: string): void {
    this.passwords.set(user, password);
    this.end(user);
  }

  enable(user: UserName, enabled: boolean): void {
    if (!enabled && !this.disabled.has(user)) this.end(user);
    if (enabled) this.disabled.delete(user);
    else this.disabled.add(user);
  }

  open(project: ProjectName, open: boolean): void {
    if (open) this.closed.delete(project);
    else this.closed.add(project);
    if (!open) for (const token of this.tokens) if (token.project === project) token.ended = true;
  }

  grant(user: UserName, project: ProjectName, role: RoleName): void {
    this.rolesOf(user, project).add(role);
  }

  take(user: UserName, project: ProjectName, role: RoleName): void {
    if (!this.rolesOf(user, project).delete(role)) return;
    for (const token of this.tokens) if (token.user === user && token.project === project) token.lost.add(role);
  }

  /** @param by a token that is offered beside the password */
  begin(user: UserName, project: ProjectName | null, password: string, by?: Issued): UnderWay {
    const proven = by === undefined || (by.user === user && this.rolesBy(by) !== undefined);
    const good = proven && !this.disabled.has(user) && this.passwords.get(user) === password;
    return this.begun({ user, project, good, by, ended: false });
  }

  exchange(by: Issued, project: ProjectName | null): Issued | undefined {
    const { user } = by;
    return this.finish(this.begun({ user, project, good: this.rolesBy(by) !== undefined, by, ended: false }));
  }

  /** Whether the login is good after all; then it has a token. */
  finish(login: UnderWay): Issued | undefined {
    this.underWay.delete(login);
    const { user, project, good, by, ended } = login;
    if (!good || ended || by?.ended === true || this.disabled.has(user)) return undefined;
    if (project !== null && (this.closed.has(project) || this.rolesOf(user, project).size === 0)) return undefined;
    const token = {
      user,
      project,
      expiresAt: by?.expiresAt ?? this.time + TTL_MS,
      ended: false,
      lost: new Set<RoleName>(),
    };
    this.tokens.push(token);
    return token;
  }

  /** The roles that a token gives; undefined when it is not good. */
  rolesBy({ user, project, expiresAt, ended, lost }: Issued): readonly RoleName[] | undefined {
    if (ended || expiresAt <= this.time) return undefined;
    if (project === null) return [];
    const left = ROLES.filter((role) => this.rolesOf(user, project).has(role) && !lost.has(role));
    return left.length === 0 || this.closed.has(project) ? undefined : left;
  }

  private begun(login: UnderWay): UnderWay {
    this.underWay.add(login);
    return login;
  }

  private end(user: UserName): void {
    for (const one of [...this.tokens, ...this.underWay]) if (one.user === user) one.ended = true;
  }

  private rolesOf(user: UserName, project: ProjectName): Set<RoleName> {
    const key = `${user}/${project}`;
    const known = this.roles.get(key) ?? new Set<RoleName>();
    this.roles.set(key, known);
    return known;
  }
}
