import { DomainError } from '@cairn/domain';
import { hash, verify } from '@node-rs/argon2';
import type { Random } from '../random';
import { parseScrypt, verifyScrypt } from './scrypt-hash';
import { FairQueue, type Turn } from '../runtime/fair-queue';
import { ProvenPasswords } from './proven-passwords';

/** Cost of one hash by Argon2id on one thread. */
export interface Argon2Cost {
  readonly memoryKib: number;
  readonly passes: number;
}

/**
 * As strong as bcrypt at cost 12: a graphics card is held up by its memory, and one with 1 TB/s tries about a thousand
 * passwords a second (ADR 0006), where it tries more with bcrypt. Here it is a tenth of a second on one core, half of bcrypt's.
 */
const COST: Argon2Cost = { memoryKib: 32 * 1024, passes: 10 };
const SALT_BYTES = 16;

/**
 * Logins must not starve the process: two hashes at a time of libuv's four threads. A minute of them may wait, of one user
 * from one address a few seconds.
 */
const LIMITS = { slots: 2, waiting: 1024, waitingOfOne: 256 };

/** Passwords that an administrator sets: they have a turn like a client's address. */
const SETTING: Turn = { party: '', member: '' };

/** The format of hashes that this writes; the library sees nothing else, because it throws at unreadable hashes. */
const PHC = /^\$argon2id\$v=19\$m=\d{1,6},t=\d{1,2},p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/;

const busy = (): DomainError =>
  new DomainError('unavailable', 'login.busy', 'Too many logins. Please try again later.');

/** Password hashes as PHC strings: `$argon2id$v=19$m=32768,t=10,p=1$<salt>$<hash>`. */
export class Passwords {
  private readonly queue = new FairQueue(LIMITS, busy);
  private readonly proven: ProvenPasswords;

  constructor(
    private readonly random: Random,
    private readonly cost: Argon2Cost = COST,
  ) {
    this.proven = new ProvenPasswords(random);
  }

  /** @throws DomainError `unavailable` when too much waits. */
  hash(password: string, turn = SETTING): Promise<string> {
    const { memoryKib: memoryCost, passes: timeCost } = this.cost;
    const salt = this.random.bytes(SALT_BYTES);
    return this.queue.run(turn, () => hash(password.normalize('NFC'), { memoryCost, timeCost, parallelism: 1, salt }));
  }

  /**
   * Whether the password is the one of the hash. Takes as long for a user that does not exist, or has no hash that can
   * be read (`undefined`), and then is false: a caller learns nothing from the time. One that was right a while ago is right
   * at once.
   * @param turn the caller: the address it comes from, and the user it names
   * @throws DomainError `unavailable` when too much waits.
   */
  async verify(password: string, phc: string | undefined, turn = SETTING): Promise<boolean> {
    const text = password.normalize('NFC');
    if (phc !== undefined && this.proven.has(text, phc)) return true;
    const right = await this.compare(text, phc, turn);
    if (right && phc !== undefined) this.proven.add(text, phc);
    return right;
  }

  private async compare(text: string, phc: string | undefined, turn: Turn): Promise<boolean> {
    const old = phc === undefined ? undefined : parseScrypt(phc);
    if (old !== undefined) return this.queue.run(turn, () => verifyScrypt(text, old));
    if (phc !== undefined && PHC.test(phc)) return this.queue.run(turn, () => verify(phc, text));
    await this.hash(text, turn);
    return false;
  }
}
