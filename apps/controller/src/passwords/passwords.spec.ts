import { systemRandom } from '../random';
import { Passwords } from './passwords';
import { Semaphore } from './semaphore';

const cheap = new Passwords(systemRandom, { memoryKib: 64, passes: 1 });

describe('password hashes', () => {
  it('verify the password they were made of and no other', async () => {
    const hash = await cheap.hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await cheap.verify('correct horse', hash)).toBe(true);
    expect(await cheap.verify('correct horse ', hash)).toBe(false);
    expect(await cheap.verify('', hash)).toBe(false);
  });

  it('differ for the same password', async () => {
    expect(await cheap.hash('x')).not.toBe(await cheap.hash('x'));
  });

  it('are the same password in either Unicode form', async () => {
    expect(await cheap.verify('e\u0301', await cheap.hash('\u00e9'))).toBe(true);
  });

  it('never verify for a user without a hash, or one that cannot be read', async () => {
    expect(await cheap.verify('', undefined)).toBe(false);
    expect(await cheap.verify('x', 'plain text')).toBe(false);
    await expect(cheap.verify('x', '$argon2id$v=19$m=4,t=')).resolves.toBe(false);
    expect(await cheap.verify('x', '$scrypt$ln=31,r=8,p=1$AAAA$AAAA')).toBe(false);
  });

  it('cost by default what makes them as strong as bcrypt at cost 12', async () => {
    const hash = await new Passwords(systemRandom).hash('x');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=32768,t=10,p=1\$/);
    expect(await cheap.verify('x', hash)).toBe(true);
  });

  it('of the log before Argon2 verify, too', async () => {
    const hash = '$scrypt$ln=4,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$62fdv1Ih0npA0/7AXqBn488Elgpgh82zh6eorW/nZ7M';
    expect(await cheap.verify('\u00e9t\u00e9', hash)).toBe(true);
    expect(await cheap.verify('e\u0301te\u0301', hash)).toBe(true);
    expect(await cheap.verify('other', hash)).toBe(false);
  });
});

describe('the gate before the hashes', () => {
  it('lets two work, one wait, and refuses the next', async () => {
    const gate = new Semaphore(2, 1, () => new Error('full'));
    const ends: (() => void)[] = [];
    let most = 0;
    let now = 0;
    const work = (): Promise<void> => {
      now += 1;
      most = Math.max(most, now);
      return new Promise((resolve) =>
        ends.push(() => {
          now -= 1;
          resolve();
        }),
      );
    };
    const all = [1, 2, 3, 4].map(() => gate.run(work));
    await expect(all[3]).rejects.toThrow('full');
    for (let i = 0; i < 3; i += 1) {
      ends[i]?.();
      await all[i];
    }
    expect([most, now, ends.length]).toEqual([2, 0, 3]);
  });
});
