import { DomainError } from '@cairn/domain';
import { hash, verify } from '@node-rs/argon2';
import type { Random } from '../random';
import { parseScrypt, verifyScrypt } from './scrypt-hash';
import { Semaphore } from './semaphore';

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

/** Logins must not starve the process: two hashes at a time of libuv's four threads, a few seconds of them waiting. */
const CONCURRENT = 2;
const MAX_WAITING = 64;

/** The format of hashes that this writes; the library sees nothing else, because it throws at unreadable hashes. */
const PHC = /^\$argon2id\$v=19\$m=\d{1,6},t=\d{1,2},p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/;

const busy = (): DomainError =>
  new DomainError('unavailable', 'login.busy', 'Too many logins. Please try again later.');

/** Password hashes as PHC strings: `$argon2id$v=19$m=32768,t=10,p=1$<salt>$<hash>`. */
export class Passwords {
  private readonly gate = new Semaphore(CONCURRENT, MAX_WAITING, busy);

  constructor(
    private readonly random: Random,
    private readonly cost: Argon2Cost = COST,
  ) {}

  hash(password: string): Promise<string> {
    const { memoryKib: memoryCost, passes: timeCost } = this.cost;
    const salt = this.random.bytes(SALT_BYTES);
    return this.gate.run(() => hash(password.normalize('NFC'), { memoryCost, timeCost, parallelism: 1, salt }));
  }

  /**
   * Whether the password is the one of the hash. Takes as long for a user that does not exist, or has no hash that can
   * be read (`undefined`), and then is false: a caller learns nothing from the time.
   */
  async verify(password: string, phc: string | undefined): Promise<boolean> {
    const old = phc === undefined ? undefined : parseScrypt(phc);
    if (old !== undefined) return this.gate.run(() => verifyScrypt(password.normalize('NFC'), old));
    if (phc !== undefined && PHC.test(phc)) return this.gate.run(() => verify(phc, password.normalize('NFC')));
    await this.hash(password);
    return false;
  }
}
