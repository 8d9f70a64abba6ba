import { streamRef } from '@cairn/domain';
import { projectOf } from '../../../../../../../libs/domain/src/testing/model/records';
import { ComputeCloud, IMAGE_ID } from '../testing/compute-cloud';
import { microversion } from '../testing/microversion';

describe('a flavor that is not public', () => {
  let cloud: ComputeCloud;
  let tenant: string;
  let stranger: string;

  beforeAll(async () => {
    cloud = await ComputeCloud.start();
    [tenant, stranger] = [cloud.tenant(), cloud.tenant()];
    const projectId = `p-${tenant}`;
    await cloud.execute(streamRef('project', projectId), { type: 'CreateProject', data: projectOf({ projectId }) });
    const flavor = { id: 'hidden', name: 'hidden', ram: 64, vcpus: 1, disk: 1, 'os-flavor-access:is_public': false };
    await cloud.ask('admin', 'POST', '/flavors', { flavor });
  });
  afterAll(() => cloud.close());

  const idsOf = async (who: string, query = ''): Promise<readonly string[]> => {
    const { body } = await cloud.ask(who, 'GET', `/flavors${query}`);
    return (body as { flavors: { id: string }[] }).flavors.map(({ id }) => id);
  };
  const act = (action: string, project: string, minor = 1) =>
    cloud.ask('admin', 'POST', '/flavors/hidden/action', { [action]: { tenant: project } }, microversion(minor));
  const statusOf = async (who: string): Promise<readonly number[]> => {
    const shown = await cloud.ask(who, 'GET', '/flavors/hidden');
    const server = { name: 's', flavorRef: 'hidden', imageRef: IMAGE_ID };
    return [shown.status, (await cloud.ask(who, 'POST', '/servers', { server })).status];
  };

  it('is for administrators, and for the projects that they let in', async () => {
    expect(await idsOf(tenant)).not.toContain('hidden');
    expect(await idsOf('admin', '?is_public=None')).toContain('hidden');
    expect(await statusOf(tenant)).toEqual([404, 400]);
    const access = { flavor_access: [{ flavor_id: 'hidden', tenant_id: `p-${tenant}` }] };
    expect(await act('addTenantAccess', `p-${tenant}`)).toMatchObject({ status: 200, body: access });
    expect((await act('addTenantAccess', `p-${tenant}`)).status).toBe(409);
    expect((await cloud.ask('admin', 'GET', '/flavors/hidden/os-flavor-access')).body).toEqual(access);
    expect(await idsOf(tenant)).toContain('hidden');
    expect(await idsOf(stranger)).not.toContain('hidden');
    expect(await idsOf('admin', '?is_public=True')).not.toContain('hidden');
    expect(await statusOf(tenant)).toEqual([200, 202]);
    expect(await statusOf(stranger)).toEqual([404, 400]);
    expect(await act('removeTenantAccess', `p-${tenant}`)).toMatchObject({ status: 200, body: { flavor_access: [] } });
    expect((await act('removeTenantAccess', `p-${tenant}`)).status).toBe(404);
    expect(await statusOf(tenant)).toEqual([404, 400]);
  });

  it('is opened to projects that there are, by administrators', async () => {
    expect(await act('addTenantAccess', 'nowhere')).toMatchObject({
      status: 400,
      body: { badRequest: { message: 'Project ID nowhere is not a valid project.' } },
    });
    const body = { addTenantAccess: { tenant: `p-${tenant}` } };
    expect((await cloud.ask(tenant, 'POST', '/flavors/hidden/action', body)).status).toBe(403);
    expect((await cloud.ask('admin', 'POST', '/flavors/hidden/action', {})).status).toBe(400);
    expect((await cloud.ask('admin', 'POST', '/flavors/1/action', body, microversion(7))).status).toBe(409);
  });

  it('is described in other words from 2.55 on', async () => {
    const update = (body: unknown, minor: number) =>
      cloud.ask('admin', 'PUT', '/flavors/hidden', body, microversion(minor));
    expect((await update({ flavor: { description: 'for tests' } }, 54)).status).toBe(404);
    const told = await update({ flavor: { description: 'for tests' } }, 55);
    expect(told).toMatchObject({ status: 200, body: { flavor: { id: 'hidden', description: 'for tests' } } });
    const { body } = await cloud.ask('admin', 'GET', '/flavors/hidden', undefined, microversion(55));
    expect(body).toMatchObject({ flavor: { description: 'for tests' } });
    expect((await update({ flavor: {} }, 55)).status).toBe(400);
    expect((await update({ flavor: { description: 'a\u0000b' } }, 55)).status).toBe(400);
    expect((await update({ flavor: { description: null } }, 55)).body).toMatchObject({ flavor: { description: null } });
  });
});
