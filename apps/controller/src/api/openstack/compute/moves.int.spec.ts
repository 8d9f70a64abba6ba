import { streamRef } from '@cairn/domain';
import { agentStarted } from '../../../../../../libs/domain/src/testing/model';
import { ComputeCloud, HOST_ID } from './testing/compute-cloud';
import { shownServer } from './testing/answers';
import { withCloud } from './testing/with-cloud';
import { microversion } from './testing/microversion';

const BIGGER = '2'; // m1.small

describe('resize and migration of a server', () => {
  let cloud: ComputeCloud;
  let demo: string;
  let id: string;
  withCloud(async (started, tenant) => {
    [cloud, demo] = [started, tenant];
    id = await cloud.active(demo);
  });

  const act = async (body: object, who = demo): Promise<readonly [number, string]> => {
    const { status, text } = await cloud.ask(who, 'POST', `/servers/${id}/action`, body, microversion('latest'));
    return [status, text];
  };
  const shown = () => shownServer(cloud, demo, id);

  it('is shown as nova shows it, until it is confirmed', async () => {
    expect(await act({ resize: { flavorRef: BIGGER } })).toEqual([202, '']);
    expect(await shown()).toMatchObject({ status: 'RESIZE', 'OS-EXT-STS:task_state': 'resize_prep' });
    await cloud.finishMove(id);
    expect(await shown()).toMatchObject({
      status: 'VERIFY_RESIZE',
      'OS-EXT-STS:task_state': null,
      flavor: { id: BIGGER },
    });
    expect(await act({ confirmResize: null })).toEqual([204, '']);
    expect(await shown()).toMatchObject({ status: 'ACTIVE', flavor: { id: BIGGER } });
  });

  it('can be reverted', async () => {
    await act({ resize: { flavorRef: BIGGER } });
    await cloud.finishMove(id);
    expect(await act({ revertResize: null })).toEqual([202, '']);
    expect(await shown()).toMatchObject({ status: 'REVERT_RESIZE', 'OS-EXT-STS:task_state': 'resize_reverting' });
    await cloud.finishMove(id);
    expect(await shown()).toMatchObject({ status: 'ACTIVE', flavor: { id: '1' } });
  });

  it.each([
    ['to the flavor that it has', { resize: { flavorRef: '1' } }, 400, /When resizing, instances must change flavor!/],
    ['to a flavor that is not there', { resize: { flavorRef: 'none' } }, 400, /Flavor none could not be found/],
    ['without a flavor', { resize: {} }, 400, /flavorRef/],
    [
      'beyond the quota',
      { resize: { flavorRef: '5' } },
      403,
      /Quota exceeded for cores: Requested 7, but already used 1 of 2/,
    ],
    ['that nobody asked for, when it is confirmed', { confirmResize: null }, 409, /Cannot 'confirmResize' instance/],
    ['that nobody asked for, when it is reverted', { revertResize: null }, 409, /Cannot 'revertResize' instance/],
  ])('is refused %s', async (_what, body, status, message) => {
    const data = { limits: { cores: 2 }, force: true };
    await cloud.execute(streamRef('quota', `p-${demo}`), { type: 'SetQuotaLimits', data });
    const [answered, text] = await act(body);
    expect([answered, text]).toEqual([status, expect.stringMatching(message)]);
  });

  it.each([
    ['resize', { resize: { flavorRef: BIGGER } }],
    ['migration', { migrate: null }],
  ])('leaves nothing in the log when the state of the server refuses a %s', async (_what, body) => {
    await act({ pause: null });
    await cloud.finishOperation(id, 'paused');
    const before = cloud.memory.store.all().length;
    expect((await act(body, 'admin'))[0]).toBe(409);
    expect(cloud.memory.store.all().slice(before)).toEqual([]);
  });

  it('to another host is for administrators', async () => {
    expect((await act({ migrate: null }))[0]).toBe(403);
    expect((await act({ migrate: null }, 'admin'))[0]).toBe(202);
  });

  it('to a host that the administrator names is not known before 2.56', async () => {
    expect((await act({ migrate: { host: 'node1' } }, 'admin'))[0]).toBe(400);
  });
});

describe('resize and migration in a cloud with other settings', () => {
  let cloud: ComputeCloud;
  beforeAll(async () => {
    cloud = await ComputeCloud.start({}, { resizeConfirmWindowSeconds: 60, allowResizeToSameHost: false });
  });
  afterAll(() => cloud.close());

  const resize = async (): Promise<readonly [number, string, object | undefined]> => {
    const who = cloud.tenant();
    const id = await cloud.active(who);
    const { status, text } = await cloud.ask(who, 'POST', `/servers/${id}/action`, { resize: { flavorRef: BIGGER } });
    return [status, text, (await cloud.core.executor.state(streamRef('instance', id))).operation?.input];
  };

  it('is to be confirmed after a time, goes to other hosts alone, and says who asked for it', async () => {
    const [status, , input] = await resize();
    expect(status).toBe(202);
    expect(input).toMatchObject({
      confirmAfterMs: 60_000,
      sameHost: false,
      askedBy: { userId: 'u-t1', projectId: 'p-t1' },
    });
  });

  it('has no other host where hosts are real: they do not send disks to each other', async () => {
    const { target, command } = agentStarted(HOST_ID, 'boot-2', { virtType: 'kvm' });
    await cloud.execute(target, command);
    expect(await resize()).toEqual([400, expect.stringMatching(/No valid host was found/), undefined]);
  });
});
