import { hostClaimId, snapshotImageId, streamRef } from '@cairn/domain';
import { ComputeCloud, HOST_ID } from './testing/compute-cloud';
import { shownServer } from './testing/answers';
import { withCloud } from './testing/with-cloud';
import { microversion } from './testing/microversion';

const stopped = { power: 'stopped', timings: {} } as const;
const running = { power: 'running', timings: {} } as const;

describe('a server that is shelved', () => {
  let cloud: ComputeCloud;
  let demo: string;
  let id: string;
  withCloud(async (started, tenant) => {
    [cloud, demo] = [started, tenant];
    id = await cloud.active(demo);
  });

  const act = async (body: object, who = demo, minor = 93): Promise<readonly [number, string]> => {
    const { status, text } = await cloud.ask(who, 'POST', `/servers/${id}/action`, body, microversion(minor));
    return [status, text];
  };
  const shown = () => shownServer(cloud, demo, id);

  /** Shelved and offloaded, as its host and its own process do it. @returns the id of the image */
  async function shelved(): Promise<string> {
    expect(await act({ shelve: null })).toEqual([202, '']);
    const target = streamRef('instance', id);
    const operationId = (await cloud.core.executor.state(target)).operation?.operationId ?? '';
    const imageId = snapshotImageId(operationId);
    const image = streamRef('image', imageId);
    const blob = { sizeBytes: 1, sha256: 'ab'.repeat(32), sha512: 'cd'.repeat(64), md5: 'ef'.repeat(16) };
    await cloud.execute(image, { type: 'BeginImageUpload', data: { diskFormat: 'qcow2', containerFormat: 'bare' } });
    await cloud.execute(image, { type: 'RecordImageUploaded', data: blob });
    const data = { operationId, facts: stopped, restarted: null };
    await cloud.execute(target, { type: 'RecordOperationDone', data });
    await cloud.execute(target, { type: 'OffloadShelved', data: { imageId } });
    await cloud.caughtUp();
    expect(await shown()).toMatchObject({ status: 'SHELVED', 'OS-EXT-STS:task_state': 'shelving_offloading' });
    expect((await act({ unshelve: null }))[0]).toBe(409);
    for (const { id: debtId } of (await cloud.core.executor.state(target)).debts)
      await cloud.execute(target, { type: 'RecordReleased', data: { debtId } });
    await cloud.caughtUp();
    return imageId;
  }

  it('lets its host go, keeps its addresses, and comes back from its image', async () => {
    const { addresses } = await shown();
    const imageId = await shelved();
    expect(await shown()).toMatchObject({ status: 'SHELVED_OFFLOADED', addresses, hostId: '' });
    const { record } = await cloud.core.executor.state(streamRef('image', imageId));
    const { request } = await cloud.core.executor.state(streamRef('instance', id));
    expect(record?.name).toBe(`${request?.name ?? ''}-shelved`);
    expect(record?.properties).toMatchObject({ image_type: 'snapshot', instance_uuid: id });
    expect(await act({ unshelve: null })).toEqual([202, '']);
    expect(await shown()).toMatchObject({ 'OS-EXT-STS:task_state': 'unshelving' });
    const target = streamRef('instance', id);
    const { operation } = await cloud.core.executor.state(target);
    const operationId = operation?.operationId ?? '';
    const choice = { attempt: 1, hostId: HOST_ID, hostName: 'node1' };
    await cloud.execute(target, { type: 'RecordHostChosen', data: choice });
    await cloud.execute(target, { type: 'RecordHostClaimed', data: { claimId: hostClaimId(operationId, 1) } });
    await cloud.caughtUp();
    expect(await shown()).toMatchObject({ 'OS-EXT-STS:task_state': 'spawning' });
    const data = { operationId, facts: running, restarted: null };
    await cloud.execute(target, { type: 'RecordOperationDone', data });
    await cloud.caughtUp();
    expect(await shown()).toMatchObject({ status: 'ACTIVE', addresses });
    expect((await cloud.core.executor.state(target)).debts).toContainEqual(
      expect.objectContaining({ kind: 'image', imageId, how: 'delete' }),
    );
  });

  it.each([
    [{ unshelve: { availability_zone: 'nowhere' } }, 77, 400, /availability zone is not available/],
    [{ unshelve: {} }, 77, 400, /availability_zone/],
    [{ unshelve: { availability_zone: null } }, 77, 400, /availability_zone/],
    [{ unshelve: { host: 'node1' } }, 77, 400, /host/],
    [{ unshelve: { host: 'node1' } }, 91, 403, /unshelve_to_host/],
    [{ unshelve: { other: 1 } }, 91, 400, /other/],
    [{ unshelve: 'x' }, 91, 400, /./],
    [{ shelve: null }, 1, 409, /Cannot 'shelve' instance .* while it is in vm_state shelved_offloaded/],
    [{ unshelve: { availability_zone: null } }, 91, 202, /^$/],
    [{ unshelve: { availability_zone: 'nova' } }, 77, 202, /^$/],
  ])('answers to %j of %s with %s', async (body, version, status, message) => {
    await shelved();
    const [got, text] = await act(body, demo, version);
    expect([got, text]).toEqual([status, expect.stringMatching(message)]);
  });

  it('cannot come back without its image', async () => {
    const imageId = await shelved();
    await cloud.execute(streamRef('image', imageId), { type: 'DeleteImage', data: {} });
    expect(await act({ unshelve: null })).toEqual([409, expect.stringMatching(/shelved image could not be found/)]);
  });

  it('is offloaded by administrators alone, and only then', async () => {
    expect((await act({ shelveOffload: null }))[0]).toBe(403);
    expect(await act({ unshelve: null })).toEqual([409, expect.stringMatching(/Cannot 'unshelve' instance/)]);
  });
});
