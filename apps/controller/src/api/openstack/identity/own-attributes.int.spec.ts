import { type IdentityCloud, identityCloud, PASSWORDS } from './testing/identity-cloud';
import { ApiCaller } from './testing/rest';

type Shown = Readonly<Record<string, unknown>> & { readonly id: string };

describe('what clients say of users and projects themselves', () => {
  let cloud: IdentityCloud;
  let api: ApiCaller;
  let admin: string;
  let demo: string;

  beforeAll(async () => {
    cloud = await identityCloud();
    api = new ApiCaller(cloud.service.url);
    admin = await api.logIn('admin', PASSWORDS.admin, 'admin');
    demo = await api.logIn('demo', PASSWORDS.demo, 'demo');
  });
  afterAll(() => cloud.close());

  it.each(['user', 'project'])('is kept, shown, listed and changed: %s', async (kind) => {
    const path = `/v3/${kind}s`;
    const own = { colour: 'blue', size: { of: [1, null, true] }, project_id: 'x', id: 'chosen', links: 'chosen' };
    const made = await api.as(admin, path, 'POST', { [kind]: { name: `own-${kind}`, ...own } });
    expect(made.status).toBe(201);
    const created = (made.body as Record<string, Shown>)[kind];
    const url = `${path}/${created?.id ?? ''}`;
    expect(created).toMatchObject({ colour: 'blue', size: { of: [1, null, true] }, project_id: 'x', enabled: true });
    expect(created?.id).toMatch(/^[0-9a-f]{32}$/);
    expect((await api.as(admin, url)).body).toEqual({ [kind]: created });
    const changed = await api.as(admin, url, 'PATCH', { [kind]: { colour: null, shape: 'round' } });
    const expected = { ...created, colour: null, shape: 'round' };
    expect(changed.body).toEqual({ [kind]: expected });
    const listed = await api.as(admin, `${path}?name=own-${kind}`);
    expect(listed.body).toMatchObject({ [`${kind}s`]: [expected] });
    const large = { [kind]: { name: 'large', text: 'x'.repeat(70_000) } };
    expect((await api.as(admin, path, 'POST', large)).status).toBe(400);
  });

  it('is also the tags of a project, all at once or one by one', async () => {
    const made = await api.as(admin, '/v3/projects', 'POST', { project: { name: 'tagged', tags: ['b', 'a'] } });
    expect(made.body).toMatchObject({ project: { tags: ['a', 'b'] } });
    const url = `/v3/projects/${(made.body as { project: Shown }).project.id}/tags`;
    const ask = async (token: string, method: string, path = '', body?: object): Promise<number> =>
      (await api.as(token, url + path, method, body)).status;
    expect(await ask(admin, 'PUT', '/c d')).toBe(201);
    expect(await ask(admin, 'PUT', '/a%2Cb')).toBe(400);
    expect([await ask(admin, 'GET', '/b'), await ask(admin, 'HEAD', '/b'), await ask(admin, 'GET', '/x')]).toEqual([
      204, 204, 404,
    ]);
    expect([await ask(admin, 'DELETE', '/b'), await ask(admin, 'DELETE', '/b')]).toEqual([204, 404]);
    expect((await api.as(admin, url)).body).toMatchObject({ tags: ['a', 'c d'] });
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PUT', '/e', undefined],
      ['PUT', '', { tags: [] }],
      ['DELETE', '', undefined],
    ] as const)
      expect(await ask(demo, method, path, body)).toBe(403);
    const names = async (query: string): Promise<readonly unknown[]> => {
      const { projects } = (await api.as(admin, `/v3/projects?${query}`)).body as { projects: Shown[] };
      return projects.map(({ name }) => name);
    };
    expect(await names('tags=a,c d')).toEqual(['tagged']);
    expect(await names('tags=a,x')).toEqual([]);
    expect(await names('tags-any=a,x')).toEqual(['tagged']);
    expect(await names('not-tags=a,c d')).not.toContain('tagged');
    expect(await names('not-tags-any=x')).toContain('tagged');
    expect((await api.as(admin, url, 'PUT', { tags: ['z', 'y'] })).body).toMatchObject({ tags: ['y', 'z'] });
    for (const tags of [['a', 'a'], ['a/b'], [''], 'a', Array.from({ length: 81 }, (_, i) => String(i))])
      expect(await ask(admin, 'PUT', '', { tags })).toBe(400);
    expect(await ask(admin, 'DELETE')).toBe(204);
    expect((await api.as(admin, url)).body).toMatchObject({ tags: [] });
  });
});
