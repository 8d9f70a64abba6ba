import { type IdentityCloud, identityCloud, PASSWORDS } from './testing/identity-cloud';
import { type Answer, ApiCaller, fault, passwordLogin, send } from './testing/rest';

interface TokenBody {
  readonly token: Readonly<Record<string, unknown>> & { readonly user: { readonly id: string } };
}

describe('the identity service', () => {
  let cloud: IdentityCloud;
  let url: string;
  let admin: string;
  let demo: string;
  let demoId: string;
  let api: ApiCaller;

  beforeAll(async () => {
    cloud = await identityCloud();
    url = cloud.service.url;
    api = new ApiCaller(url);
    admin = await api.logIn('admin', PASSWORDS.admin, 'admin');
    demo = await api.logIn('demo', PASSWORDS.demo, 'demo');
    demoId = ((await api.as(admin, '/v3/auth/tokens', 'GET', undefined, demo)).body as TokenBody).token.user.id;
  });
  afterAll(() => cloud.close());

  async function newUser(name: string, password: string): Promise<string> {
    const answer = await api.as(admin, '/v3/users', 'POST', { user: { name, password } });
    expect(answer.status).toBe(201);
    return (answer.body as { user: { id: string } }).user.id;
  }

  async function grant(userId: string, role: string, method = 'PUT'): Promise<number> {
    const roles = (await api.as(admin, `/v3/roles?name=${role}`)).body as { roles: { id: string }[] };
    const projects = (await api.as(admin, '/v3/projects?name=demo')).body as { projects: { id: string }[] };
    const path = `/v3/projects/${projects.projects[0]?.id ?? ''}/users/${userId}/roles/${roles.roles[0]?.id ?? ''}`;
    return (await api.as(admin, path, method)).status;
  }

  describe('discovery', () => {
    it('lists v3 only, and still answers for v2.0', async () => {
      const root = await send(`${url}/`);
      expect(root.status).toBe(300);
      expect(root.body).toMatchObject({
        versions: { values: [{ id: 'v3.14', status: 'stable', links: [{ rel: 'self', href: `${url}/v3/` }] }] },
      });
      expect((await send(`${url}/v3/`)).body).toHaveProperty('version.id', 'v3.14');
      expect((await send(`${url}/v2.0/`)).body).toHaveProperty('version.id', 'v2.0');
    });

    it('names itself as the client knows it', async () => {
      const { body } = await send(`${url.replace('127.0.0.1', 'localhost')}/v3`);
      expect(body).toHaveProperty('version.links.0.href', `${url.replace('127.0.0.1', 'localhost')}/v3/`);
    });
  });

  describe('POST /v3/auth/tokens', () => {
    it('gives a token of one hour with project, roles and catalog [guide 13]', async () => {
      const answer = await api.post('/v3/auth/tokens', passwordLogin('admin', PASSWORDS.admin, 'admin'));
      const { token } = answer.body as TokenBody;
      expect(answer.headers.get('x-subject-token')?.length).toBeLessThan(255);
      expect(token).toMatchObject({
        methods: ['password'],
        user: { name: 'admin', domain: { id: 'default', name: 'Default' } },
        project: { name: 'admin', domain: { id: 'default', name: 'Default' } },
        roles: [{ name: 'admin' }, { name: 'member' }, { name: 'reader' }],
      });
      const [issued, expires] = [Date.parse(String(token['issued_at'])), Date.parse(String(token['expires_at']))];
      expect(expires - issued).toBe(3_600_000);
      expect((token['catalog'] as { type: string }[]).map(({ type }) => type)).toEqual([
        'compute',
        'identity',
        'image',
      ]);
    });

    it('takes the default project where no scope is named, and none where that is said', async () => {
      const byDefault = await api.post('/v3/auth/tokens', passwordLogin('demo', PASSWORDS.demo));
      expect(byDefault.body).toHaveProperty('token.project.name', 'demo');
      const { auth } = passwordLogin('demo', PASSWORDS.demo) as { auth: object };
      for (const scope of ['unscoped', { unscoped: {} }]) {
        const unscoped = await api.post('/v3/auth/tokens', { auth: { ...auth, scope } });
        expect(unscoped.status).toBe(201);
        expect((unscoped.body as TokenBody).token).not.toHaveProperty('project');
      }
    });

    it('exchanges a token for one of another scope that ends with it', async () => {
      const identity = { methods: ['token'], token: { id: demo } };
      const scope = { project: { name: 'demo', domain: { name: 'Default' } } };
      const first = (await api.as(demo, '/v3/auth/tokens', 'GET', undefined, demo)).body as TokenBody;
      const second = await api.post('/v3/auth/tokens?nocatalog', { auth: { identity, scope } });
      expect(second.body).toMatchObject({
        token: { methods: ['password', 'token'], expires_at: first.token['expires_at'], project: { name: 'demo' } },
      });
      expect(second.body).not.toHaveProperty('token.catalog');
    });

    it.each([
      ['a wrong password', passwordLogin('admin', 'wrong', 'admin')],
      ['an unknown user', passwordLogin('nobody', 'x', 'admin')],
      ['an unknown project', passwordLogin('admin', PASSWORDS.admin, 'nothing')],
      ['a project without a role', passwordLogin('demo', PASSWORDS.demo, 'admin')],
      ['a forged token', { auth: { identity: { methods: ['token'], token: { id: 'AQ'.repeat(63) } } } }],
      ['an unknown method', { auth: { identity: { methods: ['totp'] } } }],
    ])('refuses %s with 401 [guide 13]', async (_name, body) => {
      const answer = await api.post('/v3/auth/tokens', body);
      expect([answer.status, (answer.body as { error: { title: string } }).error.title]).toEqual([401, 'Unauthorized']);
    });

    it('leaves no trace of a refused login in the log', async () => {
      const before = cloud.memory.store.all().length;
      await api.post('/v3/auth/tokens', passwordLogin('admin', 'wrong'));
      expect(cloud.memory.store.all()).toHaveLength(before);
    });
  });

  describe('tokens', () => {
    it('are good for whom they are of, and for an administrator to look at', async () => {
      expect((await api.as(demo, '/v3/auth/tokens', 'GET', undefined, demo)).status).toBe(200);
      expect((await api.as(admin, '/v3/auth/tokens', 'HEAD', undefined, demo)).status).toBe(200);
      expect((await api.as(demo, '/v3/auth/tokens', 'GET', undefined, admin)).status).toBe(403);
      expect((await api.as(demo, '/v3/auth/tokens', 'GET', undefined, 'x')).status).toBe(404);
    });

    it('are refused altered or made up, in the shape and with the header that clients expect', async () => {
      const altered = `${demo.slice(0, 40)}${demo[40] === 'A' ? 'B' : 'A'}${demo.slice(41)}`;
      for (const token of [
        altered,
        demo.slice(1),
        `${demo}A`,
        'gAAAAABf',
        'é'.repeat(10).normalize('NFD').slice(0, 1),
      ]) {
        const answer = await api.as(token, '/v3/auth/projects');
        expect(answer.status).toBe(401);
        expect(answer.headers.get('www-authenticate')).toMatch(/^Keystone uri="http:\/\/127\.0\.0\.1:\d+"$/);
      }
    });

    it('end when they are revoked', async () => {
      const token = await api.logIn('demo', PASSWORDS.demo);
      expect((await api.as(token, '/v3/auth/tokens', 'DELETE', undefined, token)).status).toBe(204);
      expect((await api.as(token, '/v3/auth/projects')).status).toBe(401);
      expect((await api.as(demo, '/v3/auth/projects')).status).toBe(200);
    });

    it('end when the user gets another password, is disabled or deleted', async () => {
      const id = await newUser('passing', 'first');
      const first = await api.logIn('passing', 'first');
      const change = { user: { original_password: 'first', password: 'second' } };
      expect((await api.post(`/v3/users/${demoId}/password`, change)).status).toBe(401);
      expect((await api.post(`/v3/users/${id}/password`, change)).status).toBe(204);
      expect((await api.as(first, '/v3/auth/projects')).status).toBe(401);
      const second = await api.logIn('passing', 'second');
      expect((await api.as(admin, `/v3/users/${id}`, 'PATCH', { user: { enabled: false } })).status).toBe(200);
      expect((await api.as(second, '/v3/auth/projects')).status).toBe(401);
      expect((await api.post('/v3/auth/tokens', passwordLogin('passing', 'second'))).status).toBe(401);
      expect((await api.as(admin, `/v3/users/${id}`, 'PATCH', { user: { enabled: true } })).status).toBe(200);
      expect((await api.as(second, '/v3/auth/projects')).status).toBe(401); // it ended, for ever
      const third = await api.logIn('passing', 'second');
      expect((await api.as(third, '/v3/auth/projects')).status).toBe(200);
      expect((await api.as(admin, `/v3/users/${id}`, 'DELETE')).status).toBe(204);
      expect((await api.as(third, '/v3/auth/projects')).status).toBe(401);
    });

    it('lose a role at once when it is revoked, and the project with the last one', async () => {
      const id = await newUser('helper', 'x');
      expect([await grant(id, 'admin'), await grant(id, 'reader')]).toEqual([204, 204]);
      const token = await api.logIn('helper', 'x', 'demo');
      expect((await api.as(token, '/v3/users')).status).toBe(200);
      expect(await grant(id, 'admin', 'DELETE')).toBe(204);
      expect((await api.as(token, '/v3/users')).status).toBe(403);
      expect(await grant(id, 'reader', 'DELETE')).toBe(204);
      expect((await api.as(token, '/v3/users')).status).toBe(401);
      expect(await grant(id, 'reader', 'DELETE')).toBe(404);
    });
  });

  describe('users and projects', () => {
    it('are for administrators, but everyone sees himself and his projects', async () => {
      expect(fault(await api.as(demo, '/v3/users'))).toEqual([
        403,
        "Policy doesn't allow identity:list_users to be performed.",
      ]);
      expect((await api.as(demo, '/v3/projects', 'POST', { project: { name: 'x' } })).status).toBe(403);
      expect((await api.as(demo, `/v3/users/${demoId}`)).body).toHaveProperty('user.name', 'demo');
      expect((await api.as(demo, `/v3/users/${demoId}/projects`)).body).toHaveProperty('projects.0.name', 'demo');
      expect((await api.as(demo, '/v3/auth/projects')).body).toHaveProperty('projects.length', 1);
    });

    it('are found by name, domain and whether they are enabled', async () => {
      await api.as(admin, '/v3/projects', 'POST', { project: { name: 'asleep', enabled: false } });
      const names = async (query: string): Promise<readonly string[]> =>
        ((await api.as(admin, `/v3/projects?${query}`)).body as { projects: { name: string }[] }).projects.map(
          (p) => p.name,
        );
      expect(await names('name=demo')).toEqual(['demo']);
      expect(await names('enabled=false')).toEqual(['asleep']);
      expect(await names('domain_id=default&enabled=True')).toEqual(['admin', 'demo']);
      expect(await names('domain_id=other')).toEqual([]);
    });

    it('have names that only one has, free again after a rename or deletion', async () => {
      const id = await newUser('twin', 'x');
      const taken = await api.as(admin, '/v3/users', 'POST', { user: { name: 'Twin' } });
      expect(fault(taken)).toEqual([409, 'The name Twin is already in use.']);
      expect((await api.as(admin, `/v3/users/${id}`, 'PATCH', { user: { name: 'single' } })).status).toBe(200);
      const other = await newUser('twin', 'x');
      expect((await api.as(admin, `/v3/users/${other}`, 'PATCH', { user: { name: 'single' } })).status).toBe(409);
      expect((await api.as(admin, `/v3/users/${id}`, 'DELETE')).status).toBe(204);
      expect((await api.as(admin, `/v3/users/${other}`, 'PATCH', { user: { name: 'single' } })).status).toBe(200);
    });

    it('are made once for one Idempotency-Key', async () => {
      const make = (): Promise<Answer> =>
        api.post('/v3/projects', { project: { name: 'once' } }, { 'x-auth-token': admin, 'idempotency-key': 'k' });
      const [first, second] = [await make(), await make()];
      expect([first.status, second.status]).toEqual([201, 201]);
      expect(second.body).toEqual(first.body);
    });

    it('are not another thing by the Idempotency-Key of one before', async () => {
      const send = (method: string, path: string, body: object): Promise<Answer> =>
        api.withHeaders({ 'x-auth-token': admin, 'idempotency-key': 'reused' }, path, method, body);
      const { body } = await send('POST', '/v3/users', { user: { name: 'first', password: 'one' } });
      const { id } = (body as { user: { id: string } }).user;
      expect((await send('POST', '/v3/users', { user: { name: 'first', password: 'two' } })).status).toBe(409);
      for (const [password, status] of [
        ['two', 200],
        ['two', 200],
        ['three', 409],
      ] as const)
        expect((await send('PATCH', `/v3/users/${id}`, { user: { password } })).status).toBe(status);
      await api.logIn('first', 'two');
      const other = await newUser('second', 'x');
      expect((await send('PATCH', `/v3/users/${other}`, { user: { password: 'two' } })).status).toBe(409);
      await api.logIn('second', 'x');
    });

    it('show what was changed a moment ago', async () => {
      const id = await newUser('fresh', 'x');
      const changed = await api.as(admin, `/v3/users/${id}`, 'PATCH', { user: { email: 'a@b', description: null } });
      expect(changed.body).toMatchObject({ user: { id, email: 'a@b', description: '' } });
      expect((await api.as(admin, '/v3/users?name=fresh')).body).toMatchObject({ users: [{ id, email: 'a@b' }] });
    });

    it('keep their passwords out of the log', async () => {
      await newUser('careful', 'a-secret-password');
      expect(
        cloud.memory.store
          .all()
          .map(({ data, metadata }) => JSON.stringify([data, metadata]))
          .join(),
      ).not.toMatch(/a-secret-password|\$argon2/);
    });
  });
});
