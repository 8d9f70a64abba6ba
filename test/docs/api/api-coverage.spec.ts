import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { BUILT_IN_RULES, RuleSet } from '../../../apps/controller/src/policy';
import { type DocumentedCloud, documentedCloud } from './documented-cloud';
import { staleEntries } from './guide-rows';
import { launchFields } from './launch-fields';
import { refusals, serverActions } from './refusals';
import { actionTable, fieldTable, refusalTable, routeTable, withBlock } from './render';
import { type ServedRoute, servedRoutes } from './served-routes';

const DOCUMENT = join(__dirname, '../../../docs/api-coverage.md');
/** Set by `npm run docs`, which writes the tables instead of comparing them. */
const WRITING = process.env['CAIRN_WRITE_DOCS'] === 'yes';

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

  it('says what the services answer (npm run docs writes it)', async () => {
    const refused = await refusals(cloud, routes);
    const blocks = {
      ...Object.fromEntries([...cloud.apps.keys()].map((name) => [`routes ${name}`, routeTable(name, routes)])),
      ...Object.fromEntries(
        ['identity', 'compute', 'image'].map((name) => [`refused ${name}`, refusalTable(name, refused)]),
      ),
      'launch fields': fieldTable(await launchFields(cloud)),
      actions: actionTable(await serverActions(cloud)),
    };
    const before = readFileSync(DOCUMENT, 'utf8');
    const after = Object.entries(blocks).reduce((text, [name, block]) => withBlock(text, name, block), before);
    if (WRITING) writeFileSync(DOCUMENT, after);
    else expect(before).toBe(after);
  });
});
