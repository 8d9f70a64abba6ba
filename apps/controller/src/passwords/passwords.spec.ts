import { systemRandom } from '../random';
import { Passwords } from './passwords';
import { ProvenPasswords } from './proven-passwords';

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

describe('logins under way', () => {
  it('do not keep those out who know their password, or come from elsewhere', async () => {
    const slow = new Passwords(systemRandom, { memoryKib: 8192, passes: 3 });
    const hash = await slow.hash('right');
    expect(await slow.verify('right', hash)).toBe(true);
    let guessed = 0;
    const guesses = Array.from({ length: 120 }, (_, i) =>
      slow.verify(`guess ${String(i)}`, hash, { party: '192.0.2.1', member: 'demo' }).then((right) => {
        guessed += 1;
        return right;
      }),
    );
    expect(await slow.verify('right', hash, { party: '192.0.2.1', member: 'demo' })).toBe(true);
    expect(guessed).toBe(0);
    const other = await slow.hash('other');
    expect(await slow.verify('other', other, { party: '192.0.2.2', member: 'demo' })).toBe(true);
    expect(guessed).toBeLessThan(20);
    expect(await Promise.all(guesses)).not.toContain(true);
  });

  it('are refused when very many wait', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 300 }, () => cheap.verify('guess', undefined, { party: 'a', member: 'demo' })),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(300 - 256 - 2);
  });
});

describe('passwords that were right', () => {
  it('are known for a while, with the hash that they were right for', () => {
    let now = 0;
    const proven = new ProvenPasswords(systemRandom, () => now);
    proven.add('right', 'hash');
    expect([proven.has('right', 'hash'), proven.has('right', 'another'), proven.has('wrong', 'hash')]).toEqual([
      true,
      false,
      false,
    ]);
    now = 300_001;
    expect(proven.has('right', 'hash')).toBe(false);
  });
});
