import { scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto';
import { DomainError } from '@cairn/domain';
import type { Random } from '../random';
import { Semaphore } from './semaphore';

/** Cost of one hash: 2^logN blocks of 128·r bytes, p times. */
export interface ScryptCost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/**
 * OWASP's equal of N=2^17, p=1 with a quarter of its memory: 32 MiB and about a quarter of a second on one core, as long
 * as bcrypt takes at cost 12 and, unlike bcrypt, hard on graphics cards.
 */
const COST: ScryptCost = { logN: 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Logins must not starve the process: two hashes at a time of libuv's four threads, a few seconds of them waiting. */
const CONCURRENT = 2;
const MAX_WAITING = 64;

const busy = (): DomainError =>
  new DomainError('unavailable', 'login.busy', 'Too many logins. Please try again later.');

/** Costs beyond these were not written by us. */
const MAX = { logN: 20, r: 32, p: 16 };

interface Parsed {
  readonly cost: ScryptCost;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function parse(phc: string): Parsed | undefined {
  const match = PHC.exec(phc);
  if (match === null) return undefined;
  const [logN, r, p] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (logN < 1 || logN > MAX.logN || r < 1 || r > MAX.r || p < 1 || p > MAX.p) return undefined;
  return {
    cost: { logN, r, p },
    salt: Buffer.from(match[4] ?? '', 'base64'),
    hash: Buffer.from(match[5] ?? '', 'base64'),
  };
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

function derive(password: string, salt: Buffer, { logN, r, p }: ScryptCost, length: number): Promise<Buffer> {
  const N = 2 ** logN;
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, length, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Password hashes as PHC strings: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`. */
export class Passwords {
  private readonly gate = new Semaphore(CONCURRENT, MAX_WAITING, busy);

  constructor(
    private readonly random: Random,
    private readonly cost: ScryptCost = COST,
  ) {}

  async hash(password: string): Promise<string> {
    const salt = this.random.bytes(SALT_BYTES);
    const key = await this.gate.run(() => derive(password, salt, this.cost, HASH_BYTES));
    const { logN, r, p } = this.cost;
    return `$scrypt$ln=${String(logN)},r=${String(r)},p=${String(p)}$${base64(salt)}$${base64(key)}`;
  }

  /**
   * Whether the password is the one of the hash. Takes as long for a user that does not exist, or has no hash that can
   * be read (`undefined`), and then is false: who asks learns nothing from the time.
   */
  async verify(password: string, phc: string | undefined): Promise<boolean> {
    const known = phc === undefined ? undefined : parse(phc);
    const { cost, salt, hash } = known ?? {
      cost: this.cost,
      salt: Buffer.alloc(SALT_BYTES),
      hash: Buffer.alloc(HASH_BYTES),
    };
    const key = await this.gate.run(() => derive(password, salt, cost, hash.length));
    return timingSafeEqual(key, hash) && known !== undefined;
  }
}
