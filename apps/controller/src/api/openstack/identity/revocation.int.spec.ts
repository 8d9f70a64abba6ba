import { OutcomeUnknown } from '@cairn/event-store';
import { Passwords } from '../../../passwords/passwords';
import { systemRandom } from '../../../random';
import { systemClock } from '../../../runtime/system-clock';
import { FrozenLog } from '../../../testing/frozen-log';
import { type IdentityCloud, identityCloud, PASSWORDS } from './testing/identity-cloud';
import { type Answer, ApiCaller, passwordLogin } from './testing/rest';

/** Passwords whose checks wait until a test lets them end. */
class SlowPasswords extends Passwords {
  private held: Promise<void> | undefined;
  private begun: () => void = () => undefined;

  /** The next checks wait; ends when `count` of them have begun, with what lets them go on. */
  async hold(count: number, start: () => void): Promise<() => void> {
    let release: () => void = () => undefined;
    this.held = new Promise((resolve) => (release = resolve));
    await new Promise<void>((resolve) => {
      let left = count;
      this.begun = (): void => {
        left -= 1;
        if (left === 0) resolve();
      };
      start();
    });
    this.held = undefined;
    return release;
  }

  override async verify(password: string, phc: string | undefined): Promise<boolean> {
    const { held } = this;
    this.begun();
    await held;
    return super.verify(password, phc);
  }
}

const HOUR = 3_600_000;

describe('what was revoked, while the read models stand still', () => {
  const passwords = new SlowPasswords(systemRandom, { memoryKib: 64, passes: 1 });
  const clock = { ...systemClock, ahead: 0, now: () => new Date(Date.now() + clock.ahead).toISOString() };
  let cloud: IdentityCloud;
  let log: FrozenLog | undefined;
  let api: ApiCaller;
  let admin: string;
  let made = 0;

  beforeAll(async () => {
    cloud = await identityCloud({ passwords, clock }, {}, (store) => (log = new FrozenLog(store)));
    // nobody has to wait for rows that do not come
    Object.assign(cloud.core.readModel, { waitFor: () => Promise.resolve(false) });
    api = new ApiCaller(cloud.service.url);
    admin = await api.logIn('admin', PASSWORDS.admin, 'admin');
    log?.freeze();
  });
  afterAll(async () => {
    log?.thaw();
    await cloud.close();
  });
  afterEach(() => {
    clock.ahead = 0;
  });

  const ok = async (token: string): Promise<number> => (await api.as(token, '/v3/auth/catalog')).status;
  const logIn = async (name: string, password: string, project?: string): Promise<number> =>
    (await api.post('/v3/auth/tokens', passwordLogin(name, password, project))).status;
  const change = (id: string, original_password: string, password: string): Promise<Answer> =>
    api.post(`/v3/users/${id}/password`, { user: { original_password, password } });
  const asAdmin = async (path: string, method: string, body?: object): Promise<number> =>
    (await api.as(admin, path, method, body)).status;

  interface Member {
    readonly id: string;
    readonly name: string;
    readonly projectId: string;
    readonly project: string;
    /** Where its role in the project is given and taken. */
    readonly grant: string;
  }

  /** A user with the password `first` and a role in a project of its own; neither is in any read model. */
  async function member(): Promise<Member> {
    made += 1;
    const [name, project] = [`user-${String(made)}`, `project-${String(made)}`];
    const user = await api.as(admin, '/v3/users', 'POST', { user: { name, password: 'first' } });
    const place = await api.as(admin, '/v3/projects', 'POST', { project: { name: project } });
    expect([user.status, place.status]).toEqual([201, 201]);
    const { id } = (user.body as { user: { id: string } }).user;
    const { id: projectId } = (place.body as { project: { id: string } }).project;
    const roles = (await api.as(admin, '/v3/roles?name=member')).body as { roles: { id: string }[] };
    const grant = `/v3/projects/${projectId}/users/${id}/roles/${roles.roles[0]?.id ?? ''}`;
    expect(await asAdmin(grant, 'PUT')).toBe(204);
    return { id, name, projectId, project, grant };
  }

  it('lets new users log in, by name and to their projects', async () => {
    const { id, name, project } = await member();
    expect(await ok(await api.logIn(name, 'first', project))).toBe(200);
    const login = passwordLogin(name, 'first') as { auth: { identity: { password: { user: object } } } };
    login.auth.identity.password.user = { id, password: 'first' };
    expect((await api.post('/v3/auth/tokens', login)).status).toBe(201);
  });

  it('a token stays revoked', async () => {
    const { name } = await member();
    const [token, other] = [await api.logIn(name, 'first'), await api.logIn(name, 'first')];
    expect((await api.as(token, '/v3/auth/tokens', 'DELETE', undefined, token)).status).toBe(204);
    expect([await ok(token), await ok(other)]).toEqual([401, 200]);
    clock.ahead = -HOUR;
    expect([await ok(token), await ok(other)]).toEqual([401, 200]);
  });

  it('an old password is worth nothing, nor are its tokens, and the new one counts', async () => {
    const { id, name } = await member();
    const token = await api.logIn(name, 'first');
    expect((await change(id, 'first', 'second')).status).toBe(204);
    expect([await ok(token), await logIn(name, 'first'), await logIn(name, 'second')]).toEqual([401, 401, 201]);
    expect(await asAdmin(`/v3/users/${id}`, 'PATCH', { user: { password: 'third' } })).toBe(200);
    expect([await logIn(name, 'second'), await logIn(name, 'third')]).toEqual([401, 201]);
  });

  it('a name that was given away is nobody, and the new one is somebody', async () => {
    const { id, name } = await member();
    expect(await asAdmin(`/v3/users/${id}`, 'PATCH', { user: { name: `${name}-renamed` } })).toBe(200);
    expect([await logIn(name, 'first'), await logIn(`${name}-renamed`, 'first')]).toEqual([401, 201]);
  });

  it('a disabled user is out, and only new tokens count when it is enabled again', async () => {
    const { id, name } = await member();
    const token = await api.logIn(name, 'first');
    expect(await asAdmin(`/v3/users/${id}`, 'PATCH', { user: { enabled: false } })).toBe(200);
    expect([await ok(token), await logIn(name, 'first')]).toEqual([401, 401]);
    expect(await asAdmin(`/v3/users/${id}`, 'PATCH', { user: { enabled: true } })).toBe(200);
    expect([await ok(token), await logIn(name, 'first')]).toEqual([401, 201]);
  });

  it('a deleted user is nobody', async () => {
    const { id, name } = await member();
    const token = await api.logIn(name, 'first');
    expect(await asAdmin(`/v3/users/${id}`, 'DELETE')).toBe(204);
    expect([await ok(token), await logIn(name, 'first')]).toEqual([401, 401]);
  });

  it('a role that was taken is gone, for the tokens of before also when it is given back', async () => {
    const { name, project, grant } = await member();
    const token = await api.logIn(name, 'first', project);
    expect(await asAdmin(grant, 'DELETE')).toBe(204);
    expect([await ok(token), await logIn(name, 'first', project)]).toEqual([401, 401]);
    expect(await asAdmin(grant, 'PUT')).toBe(204);
    expect([await ok(token), await logIn(name, 'first', project)]).toEqual([401, 201]);
  });

  it('a project that was disabled is shut to the tokens of before', async () => {
    const { name, project, projectId } = await member();
    const token = await api.logIn(name, 'first', project);
    for (const [enabled, status] of [
      [false, 401],
      [true, 201],
    ] as const) {
      expect(await asAdmin(`/v3/projects/${projectId}`, 'PATCH', { project: { enabled } })).toBe(200);
      expect([await ok(token), await logIn(name, 'first', project)]).toEqual([401, status]);
    }
  });

  it('a login under way by the old password gets no token', async () => {
    const { id, name, project } = await member();
    const logins: Promise<number>[] = [];
    const release = await passwords.hold(2, () => {
      logins.push(logIn(name, 'first'), logIn(name, 'first', project));
    });
    expect(await asAdmin(`/v3/users/${id}`, 'PATCH', { user: { password: 'second' } })).toBe(200);
    release();
    expect(await Promise.all(logins)).toEqual([401, 401]);
    expect(await logIn(name, 'second')).toBe(201);
  });

  it('a login under way of a user who is disabled and enabled meanwhile gets no token', async () => {
    const { id, name } = await member();
    const logins: Promise<number>[] = [];
    const release = await passwords.hold(1, () => logins.push(logIn(name, 'first')));
    for (const enabled of [false, true])
      expect(await asAdmin(`/v3/users/${id}`, 'PATCH', { user: { enabled } })).toBe(200);
    release();
    expect(await Promise.all(logins)).toEqual([401]);
  });

  it('of two changes that the old password allowed, one happens', async () => {
    const { id, name } = await member();
    const changes: Promise<Answer>[] = [];
    const release = await passwords.hold(2, () => {
      changes.push(change(id, 'first', 'mine'), change(id, 'first', 'thief'));
    });
    release();
    const [mine, thief] = (await Promise.all(changes)).map(({ status }) => status);
    expect([mine, thief]).toContain(204);
    expect([401, 409]).toContain(mine === 204 ? thief : mine);
    expect(await logIn(name, mine === 204 ? 'mine' : 'thief')).toBe(201);
    expect(await logIn(name, mine === 204 ? 'thief' : 'mine')).toBe(401);
  });

  it('by a clock that was an hour ahead: no token lives again, nobody is locked out', async () => {
    const { id, name } = await member();
    clock.ahead = HOUR / 2;
    const early = await api.logIn(name, 'first');
    expect((await change(id, 'first', 'second')).status).toBe(204);
    clock.ahead = -HOUR;
    expect([await ok(early), await logIn(name, 'first')]).toEqual([401, 401]);
    expect(await ok(await api.logIn(name, 'second'))).toBe(200);
    expect((await change(id, 'second', 'third')).status).toBe(204);
    clock.ahead = 0;
    expect(await logIn(name, 'second')).toBe(401);
    const token = await api.logIn(name, 'third');
    clock.ahead = 2 * HOUR; // it has expired, and so has everybody's
    expect(await ok(token)).toBe(401);
    clock.ahead = 0;
    expect(await ok(token)).toBe(401);
    admin = await api.logIn('admin', PASSWORDS.admin, 'admin');
    expect(await ok(admin)).toBe(200);
  });

  it('is refused with 503 as soon as the log cannot be asked', async () => {
    const head = jest.spyOn(cloud.memory.store, 'head').mockRejectedValue(new OutcomeUnknown('away'));
    await systemClock.sleep(1_100);
    const answer = await api.as(admin, '/v3/auth/catalog');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await logIn('admin', PASSWORDS.admin)).toBe(503);
    head.mockRestore();
    expect(await ok(admin)).toBe(200);
  }, 30_000);
});
