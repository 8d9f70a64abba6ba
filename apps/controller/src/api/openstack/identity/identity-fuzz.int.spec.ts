import fc from 'fast-check';
import { silentLog } from '../../../log';
import { type IdentityCloud, identityCloud, PASSWORDS } from './testing/identity-cloud';
import { ApiCaller, send } from './testing/rest';

const KEYS = [
  'auth',
  'identity',
  'methods',
  'password',
  'passwordCredentials',
  'username',
  'tenantName',
  'token',
  'scope',
  'user',
  'project',
  'domain',
  'id',
  'name',
  'enabled',
  'description',
  'email',
  'options',
  'tags',
  'original_password',
  '__proto__',
  'constructor',
  'toString',
];

const ROUTES = [
  ['POST', '/v3/auth/tokens'],
  ['POST', '/v2.0/tokens'],
  ['POST', '/v3/users'],
  ['POST', '/v3/projects'],
  ['PATCH', '/v3/users/ID'],
  ['PATCH', '/v3/projects/ID'],
  ['POST', '/v3/users/ID/password'],
  ['GET', '/v3/users?name=ID&enabled=ID'],
  ['GET', '/v3/projects?constructor=ID&__proto__=ID&name=ID&name=ID'],
  ['GET', '/v3/projects/ID/users/ID/roles'],
  ['GET', '/v3/role_assignments?user.id=ID&effective=ID'],
  ['GET', '/v2.0/tokens/ID'],
  ['DELETE', '/v3/users/ID'],
] as const;

/** JSON made of the words that the API knows, so that some of it gets past the first check. */
const { body } = fc.letrec<{ body: unknown }>((tie) => ({
  body: fc.oneof(
    { maxDepth: 6, depthSize: 'medium' },
    fc.constantFrom<unknown>('default', 'password', 'admin', 'unscoped', null, true, 0, '', [], {}),
    fc.string({ unit: 'binary' }),
    fc.array(tie('body'), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...KEYS), tie('body')), { maxLength: 5, selector: ([key]) => key })
      .map((entries) => Object.fromEntries(entries)),
  ),
}));

const id = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }).map((text) => encodeURIComponent(text)),
  fc.constantFrom('0'.repeat(32), '%', '%00', '%FF', '..%2F..', "'%20OR%201=1", 'default'),
);

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

describe(`the identity service, asked at random (SEED=${String(SEED)})`, () => {
  const bugs: unknown[] = [];
  let cloud: IdentityCloud;
  let admin: string;

  beforeAll(async () => {
    const log = {
      ...silentLog,
      error: (_: string, fields?: object) => bugs.push((fields as { error?: Error } | undefined)?.error?.stack),
      with: () => log,
    };
    cloud = await identityCloud({ log });
    admin = await new ApiCaller(cloud.service.url).logIn('admin', PASSWORDS.admin, 'admin');
  });
  afterAll(() => cloud.close());

  it('never fails itself', async () => {
    const request = fc.tuple(fc.constantFrom(...ROUTES), body, id, fc.boolean());
    await fc.assert(
      fc.asyncProperty(request, async ([[method, path], value, text, signedIn]) => {
        const headers = signedIn ? { 'x-auth-token': admin } : {};
        const url = `${cloud.service.url}${path.replaceAll('ID', text)}`;
        const content = method === 'GET' ? undefined : (JSON.stringify(value) as string | undefined);
        bugs.length = 0;
        const answer = await send(url, method, content, headers);
        expect([answer.status, bugs]).toEqual([expect.any(Number), []]);
        expect(answer.status).toBeLessThan(500);
        expect(answer.headers.get('x-openstack-request-id')).toMatch(/^req-/);
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });
});
