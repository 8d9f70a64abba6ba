import { createHmac, randomBytes } from 'node:crypto';
import { GenerationalCache } from '@cairn/cache';
import { verifyPassword } from './passwords';
import type { User } from './user';
import type { KnownUser, UserDirectory } from './user-directory';

/** Hashes under way and waiting: more than this many logins at once are told to come again. */
const CONCURRENT = 2;
const MAX_WAITING = 64;
const CACHED_LOGINS = 20_000;
const MAX_HEADER_LENGTH = 4_096;

/** A login that was checked, as good as the user's record is unchanged. */
interface Verified {
  readonly login: string;
  readonly revision: number;
  readonly good: boolean;
}

/** Why nobody is let in. */
export type Refusal = 'bad-credentials' | 'busy';

export interface Login {
  readonly user: User;
  readonly revision: number;
}

/**
 * Basic authentication. The client sends its password with every call, and hashing it takes a tenth of a second: so each
 * header is hashed once and then recognized (by a MAC under a key of this process; the password itself is not kept) for
 * as long as the user's record is the same. A change of the user is seen by the next call.
 */
export class Authenticator {
  private readonly key = randomBytes(32);
  private readonly verified = new GenerationalCache<string, Verified>(CACHED_LOGINS);
  private readonly pending = new Map<string, Promise<Login | Refusal>>();
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly users: UserDirectory) {}

  /** Synchronous for a login that was checked before. @param header the value of `authorization` */
  check(header: string): Login | Refusal | Promise<Login | Refusal> {
    if (header.length > MAX_HEADER_LENGTH) return 'bad-credentials';
    const mac = createHmac('sha256', this.key).update(header).digest('base64');
    const known = this.verified.get(mac);
    if (known !== undefined) {
      const current = this.users.find(known.login);
      if (current.revision === known.revision) return known.good ? loginOf(current) : 'bad-credentials';
    }
    const pending = this.pending.get(mac);
    if (pending !== undefined) return pending;
    const checked = this.verify(header, mac).finally(() => this.pending.delete(mac));
    this.pending.set(mac, checked);
    return checked;
  }

  private async verify(header: string, mac: string): Promise<Login | Refusal> {
    const credentials = parseBasic(header);
    if (credentials === undefined) return 'bad-credentials';
    const known = this.users.find(credentials.login);
    if (!(await this.enter())) return 'busy';
    let good: boolean;
    try {
      good = await verifyPassword(credentials.password, known.user);
    } finally {
      this.leave();
    }
    this.verified.set(mac, { login: credentials.login, revision: known.revision, good });
    // While it was hashed, the user may have been changed or deleted.
    const unchanged = this.users.find(credentials.login).revision === known.revision;
    return good && unchanged ? loginOf(known) : 'bad-credentials';
  }

  private async enter(): Promise<boolean> {
    if (this.running >= CONCURRENT) {
      if (this.waiting.length >= MAX_WAITING) return false;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running += 1;
    return true;
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.running -= 1;
    else next();
  }
}

function loginOf({ user, revision }: KnownUser): Login | Refusal {
  return user === undefined || user.disabled ? 'bad-credentials' : { user, revision };
}

function parseBasic(header: string): { readonly login: string; readonly password: string } | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(header) ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 1 ? undefined : { login: text.slice(0, colon), password: text.slice(colon + 1) };
}
