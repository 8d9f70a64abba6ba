import type { Sealed, UserRecord } from '@cairn/domain';
import type { Keyring, SealedAt } from '../keyring';
import type { Passwords } from '../passwords/passwords';
import type { Turn } from '../runtime/fair-queue';

const placeOf = (userId: string): SealedAt => ({ stream: `user-${userId}`, field: 'passwordHash' });

/** Users' passwords as the log holds them: hashed, and the hash sealed under the key of the user's domain. */
export class UserSecrets {
  constructor(
    private readonly keyring: Keyring,
    private readonly passwords: Passwords,
  ) {}

  async seal(userId: string, domainId: string, password: string): Promise<Sealed> {
    return this.keyring.seal(`domain/${domainId}`, placeOf(userId), await this.passwords.hash(password));
  }

  /**
   * Whether it is the user's password. Without a user, a hash or its key it is not, and that takes as long to say.
   * @param user whom the login names, or undefined when there is nobody of that name.
   * @param turn whose turn at hashing it is.
   */
  async verify(
    user: Pick<UserRecord, 'userId' | 'passwordHash'> | undefined,
    password: string,
    turn?: Turn,
  ): Promise<boolean> {
    const sealed = user?.passwordHash ?? null;
    const hash =
      user === undefined || sealed === null ? undefined : await this.keyring.open(sealed, placeOf(user.userId));
    return this.passwords.verify(password, hash?.toString('utf8'), turn);
  }
}
