import { Random } from '../sim/random';
import type { CallerName } from './callers';
import { introduce } from './fuzz-cloud';
import { Generator } from './generate';
import { parametersOf } from './operations';
import type { Run } from './run';

const TENANTS: readonly CallerName[] = ['admin', 'member', 'other'];

/** What each tenant has from the beginning. */
const POSSESSIONS: readonly string[] = [
  'image POST /v2/images',
  'image PUT /v2/images/{imageId}/file',
  'compute POST /os-keypairs',
  'compute POST /servers',
  'compute POST /servers',
  'compute POST /os-server-groups',
  'identity POST /v3/auth/tokens',
];

const LIMITS = { instances: 200, cores: 400, ram: 400_000, server_groups: 100, key_pairs: 200, fixed_ips: -1 };

/** Makes users, projects and what they have; then everybody looks at all that there is to see. */
export async function furnish(run: Run): Promise<void> {
  await people(run);
  const generator = new Generator(new Random('furnishing'), []);
  const perform = async (key: string, who: CallerName, version?: string): Promise<void> => {
    const operation = run.operation(key);
    const fault = await run.perform({
      ...generator.good(operation, true),
      who,
      spelling: 0,
      ...(version === undefined ? {} : { headers: { 'openstack-api-version': `compute ${version}` } }),
    });
    if (fault !== undefined) throw new Error(`${key}: ${fault.kind}: ${fault.detail}`);
    if (operation.writes && run.coverage.granted(key) === 0) throw new Error(`${key}: ${run.coverage.table([key])}`);
  };
  const looks = run.operations.filter(
    ({ writes, route }) => !writes && parametersOf(route.urls[0] ?? '').every(({ name }) => name === 'projectId'),
  );
  const look = async (who: CallerName): Promise<void> => {
    for (const { key } of looks) await perform(key, who);
    // ids are other ones in later microversions
    for (const { key, route } of looks)
      if (route.service === 'compute' && route.last === undefined) await perform(key, who, 'latest');
  };
  await look('admin');
  for (const who of TENANTS) for (const key of POSSESSIONS) await perform(key, who);
  for (let i = 0; i < 2; i += 1) await perform('compute POST /os-aggregates', 'admin');
  for (const who of TENANTS) await look(who);
}

async function people({ cloud }: Run): Promise<void> {
  await cloud.administer('identity', 'POST', '/v3/projects', { project: { name: 'others' } });
  for (const name of ['member', 'other', 'reader', 'norole', 'unscoped'])
    await cloud.administer('identity', 'POST', '/v3/users', { user: { name, password: 'secret' } });
  const { projects } = await introduce(cloud);
  for (const id of Object.values(projects))
    await cloud.administer('compute', 'PUT', `/v2.1/os-quota-sets/${id}`, { quota_set: LIMITS });
}
