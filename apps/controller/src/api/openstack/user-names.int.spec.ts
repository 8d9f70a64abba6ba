import fc from 'fast-check';
import { AllServices, idOf, partOf, serverBody, type Service } from './testing/all-services';
import { NASTY, NO_NAMES, randomText, UNSTORABLE } from './testing/nasty-text';

/** A resource that has a name, how to make one and how to read the name back. */
interface Named {
  readonly what: string;
  readonly service: Service;
  /** The path that makes one, and the body for a name. */
  readonly make: readonly [path: string, body: (name: string, n: number) => unknown];
  /** Where the answer has the resource, and what it calls the name. */
  readonly in: string | null;
  readonly as: string;
  /** Where the resource is shown. */
  readonly at: (made: Readonly<Record<string, unknown>>) => string;
}

const NAMED: readonly Named[] = [
  {
    what: 'server',
    service: 'compute',
    make: ['/servers', (name) => serverBody({ name })],
    in: 'server',
    as: 'name',
    at: (made) => `/servers/${idOf(made)}`,
  },
  {
    what: 'flavor',
    service: 'compute',
    make: ['/flavors', (name, n) => ({ flavor: { name, ram: 1, vcpus: 1, disk: 1, id: `f${String(n)}` } })],
    in: 'flavor',
    as: 'name',
    at: (made) => `/flavors/${idOf(made)}`,
  },
  {
    what: 'network',
    service: 'compute',
    make: [
      '/os-networks',
      (label, n) => ({ network: { label, cidr: `10.${String(n >> 8)}.${String(n & 255)}.0/24` } }),
    ],
    in: 'network',
    as: 'label',
    at: (made) => `/os-networks/${idOf(made)}`,
  },
  {
    what: 'server group',
    service: 'compute',
    make: ['/os-server-groups', (name) => ({ server_group: { name, policies: ['affinity'] } })],
    in: 'server_group',
    as: 'name',
    at: (made) => `/os-server-groups/${idOf(made)}`,
  },
  {
    what: 'image',
    service: 'image',
    make: ['/v2/images', (name) => ({ name })],
    in: null,
    as: 'name',
    at: (made) => `/v2/images/${idOf(made)}`,
  },
  {
    what: 'user',
    service: 'identity',
    make: ['/v3/users', (name) => ({ user: { name } })],
    in: 'user',
    as: 'name',
    at: (made) => `/v3/users/${idOf(made)}`,
  },
  {
    what: 'project',
    service: 'identity',
    make: ['/v3/projects', (name) => ({ project: { name } })],
    in: 'project',
    as: 'name',
    at: (made) => `/v3/projects/${idOf(made)}`,
  },
];

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

describe(`names that users choose (SEED=${String(SEED)})`, () => {
  let services: AllServices;
  let made = 0;

  beforeAll(async () => {
    services = await AllServices.start();
    await services.unlimited();
  });
  afterAll(() => services.close());

  /** Makes one of that name; what the service shows of it then, undefined when it refuses the name. */
  async function nameKept({ service, make: [path, body], at, in: part, as }: Named, name: string): Promise<unknown> {
    made += 1;
    const reply = await services.ask(service, 'POST', path, body(name, made));
    if (reply.status === 400) return undefined;
    if (reply.status >= 300) throw new Error(`${path}: ${String(reply.status)} ${reply.text}`);
    const shown = await services.ask(service, 'GET', at(partOf(reply.body, part)));
    return partOf(shown.body, part)[as];
  }

  it.each(NASTY)('is a name in every service, and comes back as it was: %j', async (name) => {
    for (const each of NAMED) expect([each.what, await nameKept(each, name)]).toEqual([each.what, name]);
  });

  it.each([...NO_NAMES, ...UNSTORABLE])('is a name in no service: %j', async (name) => {
    // Glance lets images have no name, also as the empty text
    const named = name === '' ? NAMED.filter(({ what }) => what !== 'image') : NAMED;
    for (const each of named) expect([each.what, await nameKept(each, name)]).toEqual([each.what, undefined]);
  });

  it('is a name in all services or in none, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(randomText, async (text) => {
        const [first, ...others] = NAMED as readonly [Named, ...Named[]];
        const kept = await nameKept(first, text);
        if (kept !== undefined) expect(kept).toBe(text);
        if (text === '') return;
        for (const each of others) {
          const found = await nameKept(each, text).catch((error: unknown) => {
            if (/already (exists|in use)/.test(String(error))) return kept; // another name that differs in case only
            throw error;
          });
          expect([each.what, found]).toEqual([each.what, kept]);
        }
      }),
      { seed: SEED, numRuns: 40 },
    );
  });

  it.each(NAMED.map((each) => [each.what, each] as const))('is counted in characters: %s', async (what, each) => {
    const longest = what === 'project' ? 64 : 255;
    expect(await nameKept(each, '🐧'.repeat(longest))).toBe('🐧'.repeat(longest));
    expect(await nameKept(each, '🐧'.repeat(longest + 1))).toBeUndefined();
    expect(await nameKept(each, 'x'.repeat(longest + 1))).toBeUndefined();
  });

  it('is a description in lines, counted in characters', async () => {
    for (const [description, status] of [
      ['line 1\n\tline 2', 202],
      ['🐧'.repeat(255), 202],
      ['🐧'.repeat(256), 400],
      ['a\u0007b', 400],
      ['a\0b', 400],
    ] as const) {
      const reply = await services.ask('compute', 'POST', '/servers', serverBody({ description }));
      expect([description, reply.status]).toEqual([description, status]);
      if (status === 400) continue;
      const shown = await services.ask('compute', 'GET', `/servers/${idOf(partOf(reply.body, 'server'))}`);
      expect(partOf(shown.body, 'server')['description']).toBe(description);
    }
  });
});
