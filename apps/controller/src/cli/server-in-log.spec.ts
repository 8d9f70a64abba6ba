import { ControllerLab, HOST, INSTANCE } from '../runtime/testing/controller-lab';
import { idOf, launchOf } from '../runtime/testing/fixtures';
import { hostOrServerInLog, serverInLog } from './server-in-log';

describe('a host or a server in the log', () => {
  let lab: ControllerLab;
  beforeEach(async () => {
    lab = new ControllerLab();
    await lab.withHost();
    await lab.execute(INSTANCE, { type: 'LaunchInstance', data: launchOf({ name: 'host-1' }) });
  });

  it('is found by its id or its name, and a name is first that of a host', async () => {
    for (const given of [HOST.id, 'host-1'])
      expect(await hostOrServerInLog(lab.store, given)).toMatchObject({ category: 'host', id: HOST.id });
    expect(await hostOrServerInLog(lab.store, INSTANCE.id)).toMatchObject({ category: 'instance', id: INSTANCE.id });
    const server = await serverInLog(lab.store, 'host-1');
    expect(server).toMatchObject({ category: 'instance', id: INSTANCE.id });
    expect(server.events.map(({ type }) => type)).toContain('instance.launch-requested.v1');
  });

  it('is the newest server of several that have a name', async () => {
    const newest = { category: 'instance', id: idOf('newest') } as const;
    const data = launchOf({ instanceId: newest.id, name: 'host-1' });
    await lab.execute(newest, { type: 'LaunchInstance', data });
    expect((await serverInLog(lab.store, 'host-1')).id).toBe(newest.id);
  });

  it('is looked for by its name in one reading of the log', async () => {
    const reading = jest.spyOn(lab.store, 'subscribe');
    await expect(hostOrServerInLog(lab.store, 'none')).rejects.toThrow('no server none is in the log');
    expect(reading).toHaveBeenCalledTimes(1);
  });
});
