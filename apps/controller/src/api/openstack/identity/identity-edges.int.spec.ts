import { type IdentityCloud, identityCloud, PASSWORDS } from './testing/identity-cloud';
import { type Answer, ApiCaller, fault } from './testing/rest';

describe('the identity service, asked badly or in the old way,', () => {
  let cloud: IdentityCloud;
  let api: ApiCaller;
  let admin: string;
  let demo: string;
  let demoId: string;

  beforeAll(async () => {
    cloud = await identityCloud();
    api = new ApiCaller(cloud.service.url);
    admin = await api.logIn('admin', PASSWORDS.admin, 'admin');
    demo = await api.logIn('demo', PASSWORDS.demo, 'demo');
    const { body } = await api.as(demo, '/v3/auth/tokens', 'GET', undefined, demo);
    demoId = (body as { token: { user: { id: string } } }).token.user.id;
  });
  afterAll(() => cloud.close());

  describe('bad input', () => {
    it.each([
      ['not JSON', '{', 400, /^Expecting to find valid JSON in request body/],
      ['no object', '[]', 400, /must be a JSON object/],
      ['missing', '{"user": {}}', 400, /'name' is a required property/],
      [
        'of a wrong type',
        '{"user": {"name": 5}}',
        400,
        /Invalid input for field\/attribute name. Value: 5. 5 is not of type 'string'/,
      ],
      ['a word for a flag', '{"user": {"name": "a", "enabled": "yes"}}', 400, /enabled must be a boolean value/],
      [
        'unknown',
        '{"user": {"name": "a"}, "colour": 1}',
        400,
        /Additional properties are not allowed \('colour' was unexpected\)/,
      ],
      [
        'of an unknown domain',
        '{"user": {"name": "a", "domain_id": "nowhere"}}',
        404,
        /Could not find domain: nowhere/,
      ],
      ['too long', `{"user": {"name": "${'n'.repeat(256)}"}}`, 400, /is too long$/],
      ['too large', `{"user": {"name": "${'n'.repeat(1_100_000)}"}}`, 413, /too large/],
    ])('is refused: %s', async (_name, body, status, message) => {
      const answer = await api.post('/v3/users', body, { 'x-auth-token': admin });
      expect(fault(answer)).toEqual([status, expect.stringMatching(message)]);
    });

    it('is answered by status in Keystone’s shape', async () => {
      const xml = await api.post('/v3/users', '<user/>', { 'x-auth-token': admin, 'content-type': 'application/xml' });
      expect(fault(xml)[0]).toBe(415);
      expect(fault(await api.as(admin, '/v3/nothing'))).toEqual([
        404,
        'The requested URL was not found on the server.',
      ]);
      const wrong = await api.as(admin, '/v3/users', 'PUT', {});
      expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
      for (const id of ['x', '%00', '..%2Fusers', demoId.toUpperCase(), 'a'.repeat(900)])
        expect([400, 404]).toContain((await api.as(admin, `/v3/users/${id}`)).status);
    });
  });

  describe('v2.0', () => {
    const login = (extra: object): Promise<Answer> =>
      api.post('/v2.0/tokens', {
        auth: { passwordCredentials: { username: 'demo', password: PASSWORDS.demo }, ...extra },
      });

    it('gives a token by tenant name or id, good for v3, too [guide 13]', async () => {
      const answer = await login({ tenantName: 'demo' });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({
        access: {
          token: { tenant: { name: 'demo', enabled: true } },
          user: { name: 'demo', username: 'demo', roles: [{ name: 'member' }, { name: 'reader' }] },
          serviceCatalog: [{ type: 'compute' }, { type: 'identity' }, { type: 'image' }],
        },
      });
      const { access } = answer.body as { access: { token: { id: string; tenant: { id: string } } } };
      expect((await api.as(access.token.id, '/v3/auth/projects')).status).toBe(200);
      expect((await login({ tenantId: access.token.tenant.id })).status).toBe(200);
      const exchanged = await api.post('/v2.0/tokens', {
        auth: { token: { id: access.token.id }, tenantName: 'demo' },
      });
      expect(exchanged.status).toBe(200);
    });

    it('refuses as v3 does [guide 13]', async () => {
      expect((await login({ tenantName: 'admin' })).status).toBe(401);
      expect((await api.post('/v2.0/tokens', { auth: {} })).status).toBe(400);
      expect((await api.post('/v2.0/tokens', {})).status).toBe(400);
    });

    it('lists tenants and validates tokens', async () => {
      expect((await api.as(demo, '/v2.0/tenants')).body).toMatchObject({
        tenants: [{ name: 'demo' }],
        tenants_links: [],
      });
      const everyones = '/identity_admin/v2.0/tenants';
      expect((await api.as(admin, everyones)).body).toMatchObject({ tenants: [{ name: 'admin' }, { name: 'demo' }] });
      expect((await api.as(demo, everyones)).status).toBe(403);
      const { body } = await api.as(admin, '/v3/endpoints?interface=admin');
      const urls = (body as { endpoints: { url: string }[] }).endpoints.map(({ url }) => url);
      expect(urls).toContainEqual(expect.stringMatching(/:\d+\/identity_admin\/v3$/));
      expect((await api.as(demo, '/identity_admin/v3/auth/projects')).body).toMatchObject({
        projects: [{ name: 'demo' }],
      });
      expect((await api.as(admin, `/v2.0/tokens/${demo}`)).body).toHaveProperty('access.user.id', demoId);
      expect((await api.as(admin, '/v2.0/tokens/x')).status).toBe(404);
      const { tenants } = (await api.as(demo, '/v2.0/tenants')).body as { tenants: { id: string }[] };
      const projectId = tenants[0]?.id ?? '';
      expect((await api.as(admin, `/v2.0/tokens/${demo}?belongsTo=${projectId}`)).status).toBe(200);
      expect((await api.as(admin, `/v2.0/tokens/${demo}?belongsTo=${'0'.repeat(32)}`)).status).toBe(401);
    });
  });
});
