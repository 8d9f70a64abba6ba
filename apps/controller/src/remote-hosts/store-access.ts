import {
  ADMINISTRATORS,
  isOpen,
  type KnownUser,
  namedIn,
  ownedBy,
  type StoreSecurity,
  type StreamAccess,
  UserExists,
} from '@cairn/event-store';
import { agentStream } from '@cairn/host-protocol';

import { type HostCredentials, hostLogin, isHostLogin } from './credentials';

/** Groups whose members have their rights from the server itself. */
const SERVERS_GROUPS: readonly string[] = [ADMINISTRATORS, '$ops'];

/** What may differ between the stores that hosts log in to. */
export interface StoreRules {
  /** Who the controllers are there: administrators, and a user of their own where they are not administrators. */
  readonly owners: readonly string[];
  /**
   * Whether an open call ends with its user. Where it does not, each enrolment has a user of another name: a call of a
   * former one must not go on when its host joins again.
   */
  readonly endsCalls: boolean;
}

export const isAdministrator = (user: string, users: readonly KnownUser[]): boolean =>
  users.some(({ loginName, groupsList }) => loginName === user && groupsList.includes(ADMINISTRATORS));

/** Who the controllers are as that user. */
export const ownersOf = (user: string | undefined, users: readonly KnownUser[]): readonly string[] =>
  user === undefined || isAdministrator(user, users) ? [ADMINISTRATORS] : [ADMINISTRATORS, user];

/** What was done to close a store. */
export interface Closed {
  readonly changed: boolean;
  /** Users who could use every stream as everybody could, and keep that by name. */
  readonly kept: readonly string[];
  /** Who may use streams without a list of their own, besides the controllers. */
  readonly others: readonly string[];
}

/** Closes streams without a list of their own to all but the controllers and the users of other applications. */
export async function closeStore(security: StoreSecurity, owners: readonly string[]): Promise<Closed> {
  const kept = isOpen(await security.settings()) ? await usersOfOthers(security, owners) : [];
  const changed = await security.confine({ owners, others: kept });
  const others = namedIn(await security.settings()).filter((role) => !owners.includes(role));
  return { changed, kept, others };
}

async function usersOfOthers({ users }: StoreSecurity, owners: readonly string[]): Promise<readonly string[]> {
  const all = await users.all();
  return all
    .filter(({ loginName, groupsList, disabled }) => {
      const isOurs = owners.includes(loginName) || isHostLogin(loginName);
      return !disabled && !isOurs && !groupsList.some((group) => SERVERS_GROUPS.includes(group));
    })
    .map(({ loginName }) => loginName);
}

/** The users of the store that hosts log in as, and what they may read and write. */
export class StoreAccess {
  private readonly ours: StreamAccess;

  constructor(
    private readonly security: StoreSecurity,
    private readonly rules: StoreRules,
  ) {
    this.ours = ownedBy(rules.owners);
  }

  /** Streams are the controllers' unless they say otherwise. */
  async confine(): Promise<void> {
    await closeStore(this.security, this.rules.owners);
  }

  /** The host's user. */
  loginOf({ login, enrolmentLogin }: Pick<HostCredentials, 'login' | 'enrolmentLogin'>): string {
    return this.rules.endsCalls ? login : enrolmentLogin;
  }

  /** Lets a host read and append to its own stream. @param replacing: with new secrets in the place of its old ones */
  async admit(hostId: string, credentials: HostCredentials, replacing: boolean): Promise<void> {
    const login = this.loginOf(credentials);
    const both = [...this.rules.owners, login];
    const changed = await this.security.restrict(agentStream(hostId), { ...this.ours, $r: both, $w: both });
    if (replacing) await this.remove(hostId);
    else if (changed && !this.rules.endsCalls) await this.remove(hostId, login);
    try {
      await this.security.users.make({ login, password: credentials.storePassword, groups: [] });
    } catch (error) {
      if (!(error instanceof UserExists)) throw error; // one that an administrator changed stays as it is
    }
  }

  /**
   * Ends what the host has open, too, and first what no end of a user ends: a call that is open goes on for as long as the
   * stream's list names its user. The stream stays.
   */
  async shutOut(hostId: string): Promise<void> {
    await this.security.restrict(agentStream(hostId), this.ours);
    await this.remove(hostId);
  }

  /** Deletes the users that the host has had. @param but the one that it has now */
  private async remove(hostId: string, but?: string): Promise<void> {
    const { users } = this.security;
    if (this.rules.endsCalls) {
      await users.remove(hostLogin(hostId));
      return;
    }
    for (const { loginName } of await users.all())
      if (loginName !== but && loginName.startsWith(hostLogin(hostId))) await users.remove(loginName);
  }
}
