import fc from 'fast-check';
import { lengthOf } from '../http';
import { AllServices, idOf, partOf, serverBody, type Shown } from './testing/all-services';
import { INHERITED, NASTY, NO_NAMES, randomText, UNSTORABLE } from './testing/nasty-text';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

describe(`keys and values that users choose (SEED=${String(SEED)})`, () => {
  let services: AllServices;
  let made = 0;

  beforeAll(async () => {
    services = await AllServices.start();
    await services.unlimited();
  });
  afterAll(() => services.close());

  const values = fc.oneof(fc.constantFrom(...NASTY, ...NO_NAMES, ...UNSTORABLE), randomText);

  it('is metadata of a server under any key, set at launch, all at once or one by one', async () => {
    const keys = fc.oneof(fc.constantFrom(...INHERITED), fc.stringMatching(/^[a-zA-Z0-9\-_:. ]{1,255}$/));
    const entries = fc.uniqueArray(fc.tuple(keys, values), { maxLength: 6, selector: ([key]) => key });
    const launched = await services.ask('compute', 'POST', '/servers', serverBody({}));
    const path = `/servers/${idOf(partOf(launched.body, 'server'))}`;
    await services.compute.finishLaunch(path.slice('/servers/'.length));
    await fc.assert(
      fc.asyncProperty(entries, async (given) => {
        const metadata = Object.fromEntries(given);
        const fine = given.every(([, value]) => !/[\0\p{Surrogate}]/u.test(value) && lengthOf(value) <= 255);
        const put = await services.ask('compute', 'PUT', `${path}/metadata`, { metadata });
        const launch = await services.ask('compute', 'POST', '/servers', serverBody({ metadata }));
        expect([put.status, launch.status]).toEqual(fine ? [200, 202] : [400, 400]);
        if (!fine) return;
        const of = async (shown: string): Promise<unknown> =>
          partOf((await services.ask('compute', 'GET', shown)).body, 'server')['metadata'];
        // as text: toEqual looks past `__proto__`
        const text = (value: unknown): string => JSON.stringify(Object.entries(value as object).sort());
        expect(text(await of(path))).toBe(text(metadata));
        expect(text(await of(`/servers/${idOf(partOf(launch.body, 'server'))}`))).toBe(text(metadata));
        for (const [key, value] of given) {
          const item = `${path}/metadata/${encodeURIComponent(key)}`;
          if (/^\.{1,2}$/.test(key)) continue; // steps in a path
          const meta = Object.fromEntries([[key, value]]);
          expect((await services.ask('compute', 'GET', item)).text).toBe(JSON.stringify({ meta }));
          expect((await services.ask('compute', 'DELETE', item)).status).toBe(204);
          expect((await services.ask('compute', 'GET', item)).status).toBe(404);
          expect((await services.ask('compute', 'PUT', item, { meta })).text).toBe(JSON.stringify({ meta }));
        }
        expect(text(await of(path))).toBe(text(metadata));
      }),
      { seed: SEED, numRuns: 25 },
    );
  });

  it('is a property or a tag of an image, at its making and by a patch', async () => {
    for (const [i, name] of INHERITED.entries()) {
      const value = NASTY[i % NASTY.length] ?? '';
      const given = JSON.stringify(
        Object.fromEntries([
          ['name', 'i'],
          [name, value],
          ['tags', [name]],
        ]),
      );
      const image = (await services.ask('image', 'POST', '/v2/images', JSON.parse(given))).body as Shown;
      const path = `/v2/images/${idOf(image)}`;
      const shown = async (): Promise<Shown> => (await services.ask('image', 'GET', path)).body as Shown;
      const own = async (): Promise<unknown> => Object.getOwnPropertyDescriptor(await shown(), name)?.value;
      expect([name, await own(), (await shown())['tags']]).toEqual([name, value, [name]]);
      const patch = async (step: object): Promise<number> =>
        (await services.ask('image', 'PATCH', path, [step])).status;
      expect([await patch({ op: 'replace', path: `/${name}`, value: 'a\nb' }), await own()]).toEqual([200, 'a\nb']);
      expect([await patch({ op: 'remove', path: `/${name}` }), await own()]).toEqual([200, undefined]);
      expect(await patch({ op: 'remove', path: `/${name}` })).toBe(409);
      expect([await patch({ op: 'add', path: `/${name}`, value: '' }), await own()]).toEqual([200, '']);
      expect((await services.ask('image', 'DELETE', `${path}/tags/${name}`)).status).toBe(204);
      expect((await services.ask('image', 'PUT', `${path}/tags/${name}`)).status).toBe(204);
      expect((await shown())['tags']).toEqual([name]);
    }
    for (const property of [...NO_NAMES, ...UNSTORABLE])
      expect((await services.ask('image', 'POST', '/v2/images', { [property]: 'x' })).status).toBe(400);
    for (const value of UNSTORABLE)
      expect((await services.ask('image', 'POST', '/v2/images', { colour: value })).status).toBe(400);
  });

  it.each(['user', 'project'])('is an attribute of one’s own of a %s, at any depth', async (kind) => {
    for (const key of INHERITED) {
      made += 1;
      const value = JSON.parse(`{${JSON.stringify(key)}: [{${JSON.stringify(key)}: "a"}]}`) as unknown;
      const body = {
        [kind]: Object.fromEntries([
          ['name', `own ${String(made)}`],
          ['description', 'a\nb 🐧'],
          [key, value],
        ]),
      };
      const reply = await services.ask('identity', 'POST', `/v3/${kind}s`, body);
      const path = `/v3/${kind}s/${idOf(partOf(reply.body, kind))}`;
      const own = async (): Promise<string> => {
        const shown = partOf((await services.ask('identity', 'GET', path)).body, kind);
        return JSON.stringify([Object.getOwnPropertyDescriptor(shown, key)?.value, shown['description']]);
      };
      expect([key, await own()]).toEqual([key, JSON.stringify([value, 'a\nb 🐧'])]);
      await services.ask('identity', 'PATCH', path, { [kind]: Object.fromEntries([[key, 1]]) });
      expect([key, await own()]).toEqual([key, JSON.stringify([1, 'a\nb 🐧'])]);
    }
    for (const text of UNSTORABLE) {
      const bodies = [
        { name: 'u', description: text },
        { name: 'u', own: { deep: [text] } },
        { name: 'u', [text]: 1 },
      ];
      for (const body of bodies)
        expect((await services.ask('identity', 'POST', `/v3/${kind}s`, { [kind]: body })).status).toBe(400);
    }
  });

  it('is the name of a key pair, which is shown, listed, used and deleted by it', async () => {
    for (const name of INHERITED) {
      const path = `/os-keypairs/${name}`;
      const status = async (method: 'GET' | 'DELETE'): Promise<number> =>
        (await services.ask('compute', method, path)).status;
      expect(await status('GET')).toBe(404);
      const launch = (): Promise<{ readonly status: number }> =>
        services.ask('compute', 'POST', '/servers', serverBody({ key_name: name }));
      expect((await launch()).status).toBe(400);
      expect((await services.ask('compute', 'POST', '/os-keypairs', { keypair: { name } })).status).toBe(201);
      expect([(await launch()).status, await status('GET'), await status('DELETE'), await status('GET')]).toEqual([
        202, 200, 204, 404,
      ]);
    }
    for (const name of ['.', '..'])
      expect((await services.ask('compute', 'POST', '/os-keypairs', { keypair: { name } })).status).toBe(400);
  });

  it('is the label of a network under which a server shows its addresses', async () => {
    const cidr = '192.168.77.0/24';
    const { body } = await services.ask('compute', 'POST', '/os-networks', { network: { label: '__proto__', cidr } });
    const networks = [{ uuid: idOf(partOf(body, 'network')) }];
    const launched = await services.ask('compute', 'POST', '/servers', serverBody({ networks }));
    const id = idOf(partOf(launched.body, 'server'));
    await services.compute.finishLaunch(id);
    for (const path of [`/servers/${id}`, `/servers/${id}/ips`, `/servers/${id}/ips/__proto__`])
      expect((await services.ask('compute', 'GET', path)).text).toContain('{"__proto__":[{');
  });
});
