import { setTimeout } from 'node:timers/promises';

import { type DocumentedCloud, documentedCloud, PROJECT } from '../docs/api/documented-cloud';
import { type ServedRoute, servedRoutes } from '../docs/api/served-routes';
import { bodyWith, fieldsOf, SHAPES } from './shapes';

/** Of the event loop, for each MB that a client sends. */
const MOST_MS = 50;
/** What runs beside (collections of garbage, read models) is not the shape's cost: what is cheap once is cheap. */
const TRIES = 8;
const PAUSE_MS = 50;
/** Places of each shape in each run. */
const PLACES = 20;
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

interface Place {
  readonly route: ServedRoute;
  readonly path: readonly string[];
}

/** The same numbers for the same seed. */
function randomly(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe(`a body of any shape (SEED=${String(SEED)})`, () => {
  const random = randomly(SEED);
  let cloud: DocumentedCloud;
  let places: readonly Place[];

  beforeAll(async () => {
    cloud = await documentedCloud();
    const routes = (await servedRoutes(cloud)).filter(({ method }) => method !== 'GET' && method !== 'ALL');
    places = routes.flatMap((route) => fieldsOf(route.body).map((path) => ({ route, path })));
  });
  afterAll(() => cloud.close());

  /** What the process works for a request, in ms, and the answer's status. Work that is not ours does not count. */
  async function ask({ route, path }: Place, shape: string): Promise<{ readonly ms: number; readonly status: number }> {
    const url = (route.urls[0] ?? '').replace(':projectId', PROJECT).replace(':id', cloud.known['server'] ?? '');
    const payload = Buffer.from(bodyWith(path, shape));
    const type = route.service === 'image' && route.method === 'PATCH' ? PATCH_TYPE : 'application/json';
    const before = process.cpuUsage();
    const { statusCode } = await (
      cloud.apps.get(route.service) as NonNullable<ReturnType<typeof cloud.apps.get>>
    ).inject({
      method: route.method as 'POST',
      url: url.replace(/:\w+/g, 'x'),
      headers: { host: 'localhost', 'x-auth-token': 'admin', 'content-type': type },
      payload,
    });
    const { user, system } = process.cpuUsage(before);
    return { ms: ((user + system) / 1e3 / payload.length) * 1e6, status: statusCode };
  }

  it.each(Object.keys(SHAPES))('of %s costs little, wherever it is', async (name) => {
    const shape = SHAPES[name] ?? '';
    const roots = places.filter(({ path, route }) => path.length === 0 && route.path === '/v3/auth/tokens');
    const chosen = Array.from({ length: PLACES }, () => places[random(places.length)] as Place);
    for (const place of [...roots, ...chosen]) {
      const costs: number[] = [];
      let status: number;
      do {
        if (costs.length > 0) await setTimeout(PAUSE_MS);
        const cost = await ask(place, shape);
        costs.push(cost.ms);
        status = cost.status;
      } while (Math.min(...costs) > MOST_MS && costs.length < TRIES);
      const where = `${place.route.method} ${place.route.service} ${place.route.path} at ${place.path.join('.')}`;
      if (Math.min(...costs) > MOST_MS) throw new Error(`${costs.join(', ')} ms of work for each MB: ${where}`);
      if (status >= 500 && status !== 501) throw new Error(`${String(status)}: ${where}`);
    }
  });
});

const PATCH_TYPE = 'application/openstack-images-v2.1-json-patch';
