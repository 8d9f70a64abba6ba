import { streamRef } from '@cairn/domain';
import { ComputeCloud, type Reply } from './testing/compute-cloud';
import { shownServer } from './testing/answers';

const INTERVAL = { reclaimInstanceIntervalSeconds: 60 };

describe('a cloud that keeps deleted servers for a minute', () => {
  let cloud: ComputeCloud;
  beforeAll(async () => {
    cloud = await ComputeCloud.start({}, INTERVAL);
  });
  afterAll(() => cloud.close());

  const remove = (who: string, id: string): Promise<Reply> => cloud.ask(who, 'DELETE', `/servers/${id}`);
  const act = async (who: string, id: string, word: string): Promise<Reply> =>
    cloud.ask(who, 'POST', `/servers/${id}/action`, { [word]: null });
  const status = async (who: string, id: string): Promise<unknown> => (await shownServer(cloud, who, id))['status'];
  const listed = async (who: string, query: string): Promise<readonly string[]> => {
    const { body } = await cloud.ask(who, 'GET', `/servers${query}`);
    return (body as { servers: { id: string }[] }).servers.map(({ id }) => id);
  };
  const used = async (who: string): Promise<unknown> => {
    const { body } = await cloud.ask(who, 'GET', '/limits');
    return (body as { limits: { absolute: { totalInstancesUsed: number } } }).limits.absolute.totalInstancesUsed;
  };
  const active = async (): Promise<[string, string]> => {
    const who = cloud.tenant();
    const id = await cloud.active(who);
    return [who, id];
  };
  const kept = async (): Promise<[string, string]> => {
    const [who, id] = await active();
    expect((await remove(who, id)).status).toBe(204);
    await cloud.finishOperation(id, 'stopped');
    return [who, id];
  };

  it('shows them by id and to administrators, counts them, and takes little else for them than their restoration', async () => {
    const [who, id] = await kept();
    expect(await status(who, id)).toBe('SOFT_DELETED');
    expect(await listed(who, '')).toEqual([]);
    expect(await listed('admin', '?all_tenants=1&deleted=true&status=soft_deleted')).toContain(id);
    expect(await used(who)).toBe(1);
    expect((await act(who, id, 'os-start')).status).toBe(409);

    expect((await act(who, id, 'restore')).status).toBe(202);
    await cloud.finishOperation(id, 'running');
    expect(await status(who, id)).toBe('ACTIVE');
    expect(await listed(who, '')).toEqual([id]);
    const again = await act(who, id, 'restore');
    expect([again.status, again.text]).toEqual([
      409,
      expect.stringContaining(`Cannot 'restore' instance ${id} while it is in vm_state active`),
    ]);
  });

  it('deletes them when somebody forces it, and other servers, too', async () => {
    for (const [who, id] of [await kept(), await active()]) {
      expect((await act(who, id, 'forceDelete')).status).toBe(202);
      await cloud.releaseDebts(id);
      await cloud.caughtUp();
      expect((await cloud.ask(who, 'GET', `/servers/${id}`)).status).toBe(404);
    }
  });

  it('deletes them after the minute, even locked ones', async () => {
    const [who, id] = await kept();
    await act('admin', id, 'lock');
    expect((await remove(who, id)).status).toBe(409);
    const target = streamRef('instance', id);
    const { reclaimAt = '' } = await cloud.core.executor.state(target);
    await cloud.execute(target, { type: 'ReclaimInstance', data: { reclaimAt: '2026-01-01T00:00:00.000Z' } });
    expect(await status(who, id)).toBe('SOFT_DELETED');
    await cloud.execute(target, { type: 'ReclaimInstance', data: { reclaimAt } });
    await cloud.releaseDebts(id);
    expect((await cloud.core.executor.state(target)).vmState).toBe('deleted');
  });

  it('deletes at once what never ran', async () => {
    const who = cloud.tenant();
    const id = await cloud.launch(who);
    expect((await remove(who, id)).status).toBe(204);
    await cloud.releaseDebts(id);
    expect((await cloud.core.executor.state(streamRef('instance', id))).vmState).toBe('deleted');
  });
});
