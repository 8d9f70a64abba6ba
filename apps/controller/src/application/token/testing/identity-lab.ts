import { deriveId, type Message, streamRef, user } from '@cairn/domain';
import type { EventStore } from '@cairn/event-store';
import type { RequestScope } from '../../core';
import { Lockout } from '../lockout';
import { LoginRefused, Logins, type Proof } from '../logins';
import { ChangePassword, ChangePasswordHandler } from '../../user/change-password.handler';
import { commandHash, type Keyring } from '../../../keyring';
import { parseConfig } from '../../../config';
import { silentLog } from '../../../log';
import { Passwords } from '../../../passwords/passwords';
import { systemRandom } from '../../../random';
import { CommandExecutor } from '../../../runtime/execute';
import { LogTail } from '../../../runtime/log-tail';
import { type Clock, type CommandContext, SYSTEM } from '../../../runtime/ports';
import { Snapshots } from '../../../runtime/snapshots';
import type { IssuedToken } from '../../../identity/authenticator';
import { Directory } from '../../../identity/directory';
import { keystoneId } from '../../../identity/roles';
import { TokenAuthenticator } from '../../../identity/token-authenticator';
import { UserSecrets } from '../../../identity/user-secrets';
import { PROJECTS, type ProjectName, TTL_MS, type UserName, USERS } from './reference';

/** Passwords whose check takes as long as a test wants. */
export class HeldPasswords extends Passwords {
  /** Ends when checks may end. */
  held: Promise<void> = Promise.resolve();
  private onBegun: () => void = () => undefined;

  constructor() {
    super(systemRandom);
  }

  /** Ends when the next check begins. */
  begun(): Promise<void> {
    return new Promise((resolve) => (this.onBegun = resolve));
  }

  override hash(password: string): Promise<string> {
    return Promise.resolve(password);
  }

  override async verify(password: string, hash: string | undefined): Promise<boolean> {
    const { held } = this;
    this.onBegun();
    await held;
    return password === hash;
  }
}

const SCOPE: RequestScope = {
  requestId: 'req-1',
  api: 'identity',
  clientAddress: null,
  deadline: '2099-01-01T00:00:00.000Z',
  repeatable: undefined,
  principal: undefined,
  rights: undefined,
};

export const idOf = (name: UserName | ProjectName): string => keystoneId('lab', name);
const RESERVED = { domainId: 'default', description: '', enabled: true };

export interface LabPorts {
  readonly store: EventStore;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly elapsed: () => number;
}

/** What of one controller decides who is who; several may share the log. */
export class IdentityLab {
  readonly passwords = new HeldPasswords();
  readonly executor: CommandExecutor;
  readonly authenticator: TokenAuthenticator;
  private readonly logins: Logins;
  private readonly changing: ChangePasswordHandler;
  private readonly secrets: UserSecrets;
  private readonly ended = new AbortController();
  private readonly following: Promise<void>;
  private asked = 0;
  readonly lookAtTheClock: () => void;

  constructor(ports: LabPorts) {
    const { store, keyring, clock } = ports;
    const snapshots = new Snapshots(store, () => undefined);
    this.executor = new CommandExecutor({ store, clock, snapshots, commandHash: commandHash(keyring) });
    // every proof is an old one when the next comes: what other controllers have done shows at once
    const elapsed = (): number => (this.asked += 10_000);
    const currency = new LogTail({ store, cache: this.executor, clock, log: silentLog, elapsed });
    this.following = currency.run(this.ended.signal);
    const directory = new Directory(this.executor, currency);
    const tokens = { keyring, executor: this.executor, currency, clock, random: systemRandom, ttlMs: TTL_MS };
    this.authenticator = new TokenAuthenticator({ ...tokens, elapsed: ports.elapsed });
    this.lookAtTheClock = (): void => {
      this.authenticator.issue({ user: user.initial, project: undefined, methods: [], expiresAt: undefined });
    };
    const lockout = new Lockout(this.executor, clock, systemRandom, parseConfig({ stateDir: '/nonexistent' }));
    this.logins = new Logins(directory, keyring, this.passwords, this.authenticator, silentLog, lockout);
    this.changing = new ChangePasswordHandler(this.executor, keyring, this.passwords);
    this.secrets = new UserSecrets(keyring, this.passwords);
  }

  /** Users with the password `p0`, and projects; nobody has a role. */
  async furnish(): Promise<void> {
    for (const name of USERS) {
      const userId = idOf(name);
      const passwordHash = await this.secrets.seal(userId, 'default', 'p0');
      const data = { ...RESERVED, userId, name, email: null, defaultProjectId: null, passwordHash };
      await this.tell(streamRef('registry', 'usernames'), claim(name, userId, 'user'));
      await this.tell(streamRef('user', userId), { type: 'CreateUser', data });
    }
    for (const name of PROJECTS) {
      const projectId = idOf(name);
      await this.tell(streamRef('registry', 'projectnames'), claim(name, projectId, 'project'));
      await this.tell(streamRef('project', projectId), {
        type: 'CreateProject',
        data: { ...RESERVED, projectId, name },
      });
    }
  }

  async tell(target: { category: string; id: string }, command: Message): Promise<void> {
    await this.executor.carry(target, command, this.context());
  }

  change(user: UserName, password: string): Promise<void> {
    return this.changing.execute(new ChangePassword(idOf(user), password, this.context()));
  }

  /** A token, or undefined for a refused login. */
  async logIn(proofs: readonly Proof[], project: ProjectName | null): Promise<IssuedToken | undefined> {
    try {
      const scope = project === null ? null : { name: project, domainId: 'default' };
      return await this.logins.logIn({ proofs, project: scope }, SCOPE);
    } catch (error) {
      if (error instanceof LoginRefused) return undefined;
      throw error;
    }
  }

  async end(): Promise<void> {
    this.ended.abort();
    await this.following;
  }

  private context(): CommandContext {
    const commandId = systemRandom.uuid();
    return {
      commandId,
      actor: SYSTEM,
      api: 'test',
      requestId: deriveId(commandId),
      clientAddress: null,
      correlationId: commandId,
      causationId: commandId,
      deadline: '2099-01-01T00:00:00.000Z',
    };
  }
}

const claim = (name: string, ownerId: string, ownerCategory: string): Message => ({
  type: 'ClaimName',
  data: { name, ownerId, ownerCategory },
});
