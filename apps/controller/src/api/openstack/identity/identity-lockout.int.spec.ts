import { streamRef } from '@cairn/domain';
import { type IdentityCloud, identityCloud, PASSWORDS } from './testing/identity-cloud';
import { ApiCaller, passwordLogin } from './testing/rest';

describe('lock-out by wrong passwords', () => {
  let cloud: IdentityCloud;
  let demoId: string;

  let api: ApiCaller;
  const logIn = async (password: string, name = 'demo'): Promise<number> =>
    (await api.post('/v3/auth/tokens', passwordLogin(name, password))).status;
  const admin = (): Promise<string> => api.logIn('admin', PASSWORDS.admin, 'admin');
  const failures = async (): Promise<number | undefined> =>
    (await cloud.core.executor.state(streamRef('user', demoId))).failedLogins?.count;

  beforeAll(async () => {
    cloud = await identityCloud({}, { lockout: { failureAttempts: 3, durationSeconds: 600 } });
    api = new ApiCaller(cloud.service.url);
    const users = await api.as(await admin(), '/v3/users?name=demo');
    demoId = (users.body as { users: { id: string }[] }).users[0]?.id ?? '';
  });
  afterAll(() => cloud.close());

  it('counts in the log, which outlasts a restart, until the right password comes', async () => {
    expect([await logIn('a'), await logIn('b')]).toEqual([401, 401]);
    expect(await failures()).toBe(2);
    expect(await logIn(PASSWORDS.demo)).toBe(201);
    expect(await failures()).toBeUndefined();
  });

  it('refuses the right password, too, and records no more of the wrong ones', async () => {
    expect(await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((wrong) => logIn(wrong)))).toEqual(Array(6).fill(401));
    expect(await failures()).toBe(3);
    expect(await logIn(PASSWORDS.demo)).toBe(401);
    expect(await logIn(PASSWORDS.admin, 'admin')).toBe(201);
  });

  it('ends when an administrator enables the user', async () => {
    const enabled = { user: { enabled: true } };
    expect((await api.as(await admin(), `/v3/users/${demoId}`, 'PATCH', enabled)).status).toBe(200);
    expect(await logIn(PASSWORDS.demo)).toBe(201);
  });
});
