import { DomainError, project as projects, type ProjectEvent, user as users, type UserEvent } from '@cairn/domain';
import { specOf } from '../../../../libs/domain/src/testing/given';
import { projectOf, userOf } from '../../../../libs/domain/src/testing/model';
import { type Keyring, memoryKeyring } from '../keyring';
import { systemRandom } from '../random';
import type { Currency } from './directory';
import { SteadyTime } from './steady-time';
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
  userEpoch: 7,
  projectEpoch: 4_294_967_295,
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
    const unscoped: TokenContent = { ...content, projectId: null, methods: ['password'], projectEpoch: 0 };
    expect(readToken(writeToken(unscoped, keyring), keyring)).toEqual(unscoped);
  });

  it('fits where Keystone’s tokens fit, and in a header', () => {
    expect(writeToken(content, keyring)).toMatch(/^[A-Za-z0-9_-]{136}$/);
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

  it.each(['', 'x', 'A'.repeat(136), '='.repeat(136), 'é'.repeat(136), 'A'.repeat(100_000)])('is not %.20s', (text) => {
    expect(readToken(text, keyring)).toBeUndefined();
  });
});

describe('the authenticator', () => {
  const { userId, projectId } = content;
  const role = (role: string) => ({ userId, role });
  const past = {
    user: [{ type: 'user.created.v1', data: userOf({ userId, name: 'demo' }) }] as UserEvent[],
    project: [
      { type: 'project.created.v1', data: projectOf({ projectId: projectId ?? '', name: 'work' }) },
      { type: 'project.role-granted.v1', data: role('member') },
    ] as ProjectEvent[],
  };
  let states: Record<string, unknown>;
  let currency: { refusal?: Error; waited: number } & Currency;
  let authenticator: TokenAuthenticator;
  let token: string;

  const happened = (user: readonly UserEvent[], project: readonly ProjectEvent[]): void => {
    states = {
      user: specOf(users)(...past.user, ...user).state,
      project: specOf(projects)(...past.project, ...project).state,
    };
  };

  beforeEach(() => {
    happened([], []);
    currency = {
      waited: 0,
      proven() {
        this.waited += 1;
        return this.refusal === undefined ? undefined : Promise.reject(this.refusal);
      },
    };
    const executor = { state: ({ category }: { category: string }) => Promise.resolve(states[category] as never) };
    const ports = { keyring, executor, currency, clock, random: systemRandom, ttlMs: 3_600_000, elapsed: () => 0 };
    authenticator = new TokenAuthenticator(ports);
    const issued = authenticator.issue({
      user: states['user'] as never,
      project: states['project'] as never,
      methods: ['password'],
      expiresAt: undefined,
    });
    token = issued?.text ?? '';
  });

  it('says who it is, with the roles that a role implies', async () => {
    expect(await authenticator.authenticate(token)).toEqual({
      actor: { userId, projectId, domainId: 'default', roles: ['member', 'reader'] },
      userName: 'demo',
      userDomainId: 'default',
      projectName: 'work',
      token: {
        id: readToken(token, keyring)?.id,
        methods: ['password'],
        issuedAt: ISSUED,
        expiresAt: content.expiresAt,
        userEpoch: 0,
      },
    });
  });

  const enabled = (enabled: boolean) => ({ type: 'user.updated.v1', data: { enabled } }) as const;
  const open = (enabled: boolean) => ({ type: 'project.updated.v1', data: { enabled } }) as const;
  const taken: ProjectEvent = { type: 'project.role-revoked.v1', data: role('member') };
  const given: ProjectEvent = { type: 'project.role-granted.v1', data: role('member') };
  const changed: UserEvent = {
    type: 'user.password-changed.v1',
    data: { passwordHash: { keyId: 'k', ciphertext: 'x' } },
  };

  it.each<[string, readonly UserEvent[], readonly ProjectEvent[]]>([
    ['is of a user that is gone', [{ type: 'user.deleted.v1', data: { userId } }], []],
    ['is of a user that is disabled', [enabled(false)], []],
    ['is of a user that was disabled for a while', [enabled(false), enabled(true)], []],
    ['was issued before the password was changed', [changed], []],
    ['is for a project that is gone', [], [{ type: 'project.deleted.v1', data: { projectId: projectId ?? '' } }]],
    ['is for a project that is disabled', [], [open(false)]],
    ['is for a project that was disabled for a while', [], [open(false), open(true)]],
    ['is for a project without a role', [], [taken]],
    ['rests on a role that was taken and given back', [], [taken, given]],
  ])('refuses a token that %s', async (_name, user, project) => {
    expect(await authenticator.authenticate(token)).toBeDefined();
    happened(user, project);
    expect(await authenticator.authenticate(token)).toBeUndefined();
  });

  it('refuses a token that is revoked, and no other', async () => {
    const tokenId = readToken(token, keyring)?.id ?? '';
    happened([{ type: 'user.token-revoked.v1', data: { tokenId: 'another', expiresAt: ISSUED } }], []);
    expect(await authenticator.authenticate(token)).toBeDefined();
    happened([{ type: 'user.token-revoked.v1', data: { tokenId, expiresAt: ISSUED } }], []);
    expect(await authenticator.authenticate(token)).toBeUndefined();
  });

  it('refuses a token from the millisecond at which it expires, also when the clock goes back then', async () => {
    clock.at = after(3_600_000 - 1);
    expect(await authenticator.authenticate(token)).toBeDefined();
    clock.at = after(3_600_000);
    expect(await authenticator.authenticate(token)).toBeUndefined();
    clock.at = after(0);
    expect(await authenticator.authenticate(token)).toBeUndefined();
  });

  it('sees at once what has changed', async () => {
    happened([], [{ type: 'project.role-granted.v1', data: role('admin') }]);
    expect((await authenticator.authenticate(token))?.actor.roles).toEqual(['admin', 'member', 'reader']);
    happened([], [{ type: 'project.role-granted.v1', data: role('admin') }, taken]);
    expect((await authenticator.authenticate(token))?.actor.roles).toEqual(['admin', 'member', 'reader']);
    happened([], [{ type: 'project.role-granted.v1', data: role('reader') }, taken]);
    expect((await authenticator.authenticate(token))?.actor.roles).toEqual(['reader']);
  });

  it('says nothing of a good token while the log cannot be asked, and remembers no refusal', async () => {
    currency.refusal = new DomainError('unavailable', 'log.unavailable', '');
    await expect(authenticator.authenticate(token)).rejects.toThrow(DomainError);
    expect(await authenticator.authenticate('forged')).toBeUndefined();
    delete currency.refusal;
    expect(await authenticator.authenticate(token)).toBeDefined();
  });

  it('checks far more than 3,000 known tokens a second', async () => {
    const texts = Array.from({ length: 100 }, (_, i) =>
      writeToken({ ...content, userEpoch: 0, id: Buffer.alloc(16, i).toString('base64url') }, keyring),
    );
    const start = process.hrtime.bigint();
    for (let i = 0; i < 6_000; i += 1)
      expect((await authenticator.authenticate(texts[i % texts.length] ?? ''))?.userName).toBe('demo');
    expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(2);
  });
});

describe('time without steps back', () => {
  it('follows the clock forwards, and goes on by itself while the clock is behind', () => {
    let elapsed = 0;
    const time = new SteadyTime(clock, () => elapsed);
    const shown = (ms: number, passed: number): number => {
      clock.at = after(ms);
      elapsed += passed;
      return time.now() - Date.parse(ISSUED);
    };
    expect(shown(0, 0)).toBe(0);
    expect(shown(7_200_000, 5)).toBe(7_200_000); // set ahead
    expect(shown(1_000, 500)).toBe(7_200_500); // and back
    expect(shown(2_000, 1_000)).toBe(7_201_500);
    expect(shown(7_201_499, 0)).toBe(7_201_500);
    expect(shown(7_300_000, 1)).toBe(7_300_000); // the clock has come so far
  });
});
