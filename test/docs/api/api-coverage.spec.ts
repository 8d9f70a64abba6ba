import { BUILT_IN_RULES, RuleSet } from '../../../apps/controller/src/policy';
import { expectBlocks } from '../generated';
import { type DocumentedCloud, documentedCloud } from './documented-cloud';
import { staleEntries } from './guide-rows';
import { launchFields } from './launch-fields';
import { refusals, serverActions } from './refusals';
import { actionTable, fieldTable, refusalTable, routeTable } from './render';
import { type ServedRoute, servedRoutes } from './served-routes';

/** A route's path with things in it that are there. */
function readableUrl(url: string, { server, image, flavor, project, network }: DocumentedCloud['known']): string {
  const ids: Readonly<Record<string, string | undefined>> = {
    servers: server,
    images: image,
    flavors: flavor,
    domains: 'default',
    regions: 'RegionOne',
    extensions: 'os-consoles',
    'os-networks': network,
    'os-tenant-networks': network,
  };
  const withIds = url.replace(
    /([^/]+)\/:(?:id|imageId|alias)(?=\/|$)/g,
    (_, of: string) => `${of}/${ids[of] ?? project ?? ''}`,
  );
  return withIds
    .replace(':projectId', project ?? '')
    .replace(':label', 'private')
    .replace(/:\w+/g, 'image');
}

describe('docs/api-coverage.md', () => {
  let cloud: DocumentedCloud;
  let routes: readonly ServedRoute[];

  beforeAll(async () => {
    cloud = await documentedCloud();
    routes = await servedRoutes(cloud);
  });
  afterAll(() => cloud.close());

  it('says which rows of the guide each route serves, and of no other', () => {
    expect(staleEntries(routes)).toEqual([]);
  });

  it('finds a rule of policy at every route that needs a token, and that rule among the built-in ones', () => {
    const rules = RuleSet.of(BUILT_IN_RULES);
    const routed = routes.filter(({ access }) => access !== 'anyone' && access !== 'host');
    expect(routed.filter(({ access }) => access === 'token').map(({ method, path }) => `${method} ${path}`)).toEqual(
      [],
    );
    const unknown = routed.map(({ access }) => access).filter((rule) => !rule.includes('<') && !rules.has(rule));
    expect(unknown).toEqual([]);
  });

  it('asks the rule that a route names, wherever the rule is decided', async () => {
    const answered = async (route: ServedRoute): Promise<boolean> => {
      const { service, urls, last, first = 1 } = route;
      const url = readableUrl(urls[0] ?? '', cloud.known);
      const minor = service === 'compute' ? Math.min(last ?? 93, Math.max(first, 10)) : undefined;
      return (await cloud.status(service, 'GET', url, undefined, 'admin', minor)) < 400;
    };
    const readable: ServedRoute[] = [];
    for (const route of routes)
      if (route.method === 'GET' && !['anyone', 'host'].includes(route.access) && (await answered(route)))
        readable.push(route);
    expect(readable.length).toBeGreaterThan(50);
    const unasked: string[] = [];
    for (const route of readable) {
      cloud.policy.replace(RuleSet.of(BUILT_IN_RULES, { [route.access]: '!' }));
      if (await answered(route)) unasked.push(`${route.access}: ${route.path}`);
    }
    cloud.policy.replace(RuleSet.of(BUILT_IN_RULES));
    expect(unasked).toEqual([]);
  });

  it('says what the services answer (npm run docs writes it)', async () => {
    const refused = await refusals(cloud, routes);
    expectBlocks('api-coverage.md', {
      ...Object.fromEntries([...cloud.apps.keys()].map((name) => [`routes ${name}`, routeTable(name, routes)])),
      ...Object.fromEntries(
        ['identity', 'compute', 'image'].map((name) => [`refused ${name}`, refusalTable(name, refused)]),
      ),
      'launch fields': fieldTable(await launchFields(cloud)),
      actions: actionTable(await serverActions(cloud)),
    });
  });
});
