import { ReadModelNotReady } from '@cairn/projections';
import { type Keyring, memoryKeyring } from '../keyring';
import { systemRandom } from '../random';
import type { Directory, Standing } from './directory';
import { TokenAuthenticator } from './token-authenticator';
import { readToken, type TokenContent, writeToken } from './token-format';

const ISSUED = '2026-01-01T00:00:00.000Z';
const content: TokenContent = {
  id: 'AAECAwQFBgcICQoLDA0ODw',
  userId: '0123456789abcdef0123456789abcdef',
  projectId: 'fedcba9876543210fedcba9876543210',
  methods: ['password', 'token'],
  issuedAt: ISSUED,
  expiresAt: '2026-01-01T01:00:00.000Z',
};

const clock = { at: ISSUED, now: (): string => clock.at };
const after = (ms: number): string => new Date(Date.parse(ISSUED) + ms).toISOString();

let keyring: Keyring;
beforeEach(async () => {
  clock.at = ISSUED;
  keyring = await memoryKeyring(clock, systemRandom);
});

describe('a token', () => {
  it('says what was written into it', () => {
    expect(readToken(writeToken(content, keyring), keyring)).toEqual(content);
    const unscoped: TokenContent = { ...content, projectId: null, methods: ['password'] };
    expect(readToken(writeToken(unscoped, keyring), keyring)).toEqual(unscoped);
  });

  it('fits where Keystone’s tokens fit, and in a header', () => {
    expect(writeToken(content, keyring)).toMatch(/^[A-Za-z0-9_-]{126}$/);
  });

  it('is worth nothing when a single character is another', () => {
    const text = writeToken(content, keyring);
    for (let i = 0; i < text.length; i += 1) {
      const other = text[i] === 'A' ? 'B' : 'A';
      expect(readToken(text.slice(0, i) + other + text.slice(i + 1), keyring)).toBeUndefined();
    }
  });

  it('is worth nothing under another installation’s key', async () => {
    const elsewhere = await memoryKeyring(clock, systemRandom);
    expect(readToken(writeToken(content, keyring), elsewhere)).toBeUndefined();
  });

  it.each(['', 'x', 'A'.repeat(126), '='.repeat(126), 'é'.repeat(126), 'A'.repeat(100_000)])('is not %.20s', (text) => {
    expect(readToken(text, keyring)).toBeUndefined();
  });
});

describe('the authenticator', () => {
  const user = {
    id: content.userId,
    name: 'demo',
    domainId: 'default',
    email: null,
    description: '',
    enabled: true,
    defaultProjectId: null,
    passwordHash: null,
    tokensValidFrom: null,
    attributes: {},
    createdAt: ISSUED,
  };
  const project = {
    id: 'fedcba9876543210fedcba9876543210',
    name: 'work',
    domainId: 'default',
    description: '',
    enabled: true,
    tags: [],
    attributes: {},
    createdAt: ISSUED,
  };
  let standing: Standing | Error;
  let asked: number;
  let authenticator: TokenAuthenticator;
  let token: string;

  beforeEach(() => {
    standing = { user, project, roles: ['member'], revoked: false };
    asked = 0;
    const directory: Pick<Directory, 'standing'> = {
      standing: () => {
        asked += 1;
        return standing instanceof Error ? Promise.reject(standing) : Promise.resolve(standing);
      },
    };
    authenticator = new TokenAuthenticator(keyring, directory, clock);
    token = writeToken(content, keyring);
  });

  it('says who it is, with the roles that a role implies', async () => {
    expect(await authenticator.authenticate(token)).toEqual({
      actor: { userId: user.id, projectId: project.id, domainId: 'default', roles: ['member', 'reader'] },
      userName: 'demo',
      userDomainId: 'default',
      projectName: 'work',
      token: {
        id: content.id,
        methods: content.methods,
        issuedAt: content.issuedAt,
        expiresAt: content.expiresAt,
      },
    });
  });

  it.each<[string, Partial<Standing>]>([
    ['is revoked', { revoked: true }],
    ['is of a user that is gone', { user: null }],
    ['is of a user that is disabled', { user: { ...user, enabled: false } }],
    ['was issued before the password was changed', { user: { ...user, tokensValidFrom: after(1) } }],
    ['is for a project that is gone', { project: null }],
    ['is for a project that is disabled', { project: { ...project, enabled: false } }],
    ['is for a project without a role', { roles: [] }],
  ])('refuses a token that %s', async (_name, change) => {
    standing = { ...(standing as Standing), ...change };
    expect(await authenticator.authenticate(token)).toBeUndefined();
  });

  it('refuses an expired token to the millisecond', async () => {
    clock.at = after(3_600_000 - 1);
    expect(await authenticator.authenticate(token)).toBeDefined();
    clock.at = after(3_600_000);
    expect(await authenticator.authenticate(token)).toBeUndefined();
  });

  it('asks the read model once in two seconds, and then sees what has changed', async () => {
    for (let i = 0; i < 100; i += 1) await authenticator.authenticate(token);
    expect(asked).toBe(1);
    standing = { ...(standing as Standing), roles: ['reader'] };
    clock.at = after(2_000);
    expect((await authenticator.authenticate(token))?.actor.roles).toEqual(['reader']);
    expect(asked).toBe(2);
  });

  it('asks again at once after it was told to forget', async () => {
    await authenticator.authenticate(token);
    standing = { ...(standing as Standing), revoked: true };
    authenticator.forget();
    expect(await authenticator.authenticate(token)).toBeUndefined();
  });

  it('remembers no failure of the read model', async () => {
    const good = standing;
    standing = new ReadModelNotReady();
    await expect(authenticator.authenticate(token)).rejects.toThrow(ReadModelNotReady);
    standing = good;
    expect(await authenticator.authenticate(token)).toBeDefined();
  });

  it('checks far more than 3,000 known tokens a second', async () => {
    const texts = Array.from({ length: 100 }, (_, i) =>
      writeToken({ ...content, id: Buffer.alloc(16, i).toString('base64url') }, keyring),
    );
    const start = process.hrtime.bigint();
    for (let i = 0; i < 6_000; i += 1) await authenticator.authenticate(texts[i % texts.length] ?? '');
    expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(2);
  });
});
