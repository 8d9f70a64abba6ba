import { newImageRecord, streamRef } from '@cairn/domain';
import { HOST_HEADER, snapshotPath } from '@cairn/host-protocol';

import { hostToken } from '../../host-token';
import { HOSTS, type HostsCloud, launch, startHostsCloud } from './testing/hosts-cloud';

const [HERE, ELSEWHERE] = HOSTS;
const DISK = '1a4e0000-0000-4000-8000-00000000d15c';

describe('the image that a host makes of a disk', () => {
  const bits = { 'content-type': 'application/octet-stream' };
  let instance: ReturnType<typeof streamRef<'instance'>>;
  let imageId: string;
  let cloud: HostsCloud;
  beforeAll(async () => {
    cloud = await startHostsCloud({});
    const used = { imageId: DISK, sha256: '0'.repeat(64), sizeBytes: 1, format: 'raw' };
    const { id } = await launch(cloud, 1100, { image: used, hostId: HERE });
    instance = streamRef('instance', id);
    const { generation } = await cloud.core.executor.state(instance);
    const facts = { power: 'running', timings: {} } as const;
    await cloud.execute(instance, { type: 'RecordLaunched', data: { generation, facts, restarted: null } });
    const image = {
      projectId: 'p1',
      name: 'copy',
      minDiskGb: 1,
      minRamMb: 0,
      visibility: 'private',
      properties: {},
    } as const;
    await cloud.execute(instance, {
      type: 'SnapshotInstance',
      data: { image, notAfter: '2100-01-01T00:00:00.000Z' },
    });
    imageId = (await cloud.core.executor.state(instance)).operation?.snapshot?.imageId ?? '';
    await cloud.execute(streamRef('image', imageId), { type: 'CreateImage', data: newImageRecord(imageId, image) });
  });
  afterAll(() => cloud.close());
  const credential = (hostId: string): Record<string, string> => ({
    authorization: `Bearer ${hostToken(cloud.core.keyring, hostId)}`,
    [HOST_HEADER]: hostId,
  });
  const send = (method: 'PUT' | 'POST', url: string, headers: Record<string, string>, payload = '') =>
    cloud.app.inject({ method, url, headers, ...(payload === '' ? {} : { payload }) });
  const path = (): string => snapshotPath(instance.id, imageId);
  const statuses = async (hostId: string, url: string): Promise<readonly number[]> => [
    (await send('POST', url, credential(hostId))).statusCode,
    (await send('PUT', url, { ...credential(hostId), ...bits }, 'bits')).statusCode,
  ];

  it('comes from the host of the server, for the image that it is being copied to', async () => {
    const other = snapshotPath(instance.id, '1a4e0000-0000-4000-8000-00000000dead');
    expect(await statuses(ELSEWHERE, path())).toEqual([410, 410]);
    expect(await statuses(HERE, other)).toEqual([410, 410]);
    expect(await statuses(HERE, snapshotPath('1a4e0000-0000-4000-8000-00000000beef', imageId))).toEqual([410, 410]);
    expect(await cloud.core.executor.state(streamRef('image', imageId))).toMatchObject({ status: 'queued' });
  });

  it('is refused with a reason when it is too large', async () => {
    const limits = { limits: { image_size_total: 1 }, force: true };
    await cloud.execute(streamRef('quota', 'p1'), { type: 'SetQuotaLimits', data: limits });
    const headers = { ...credential(HERE), ...bits };
    const answer = await send('PUT', path(), headers, 'x'.repeat(1024 * 1024 + 1));
    expect([answer.statusCode, answer.payload]).toEqual([413, expect.stringContaining('exceeds the storage quota')]);
    expect(await cloud.core.executor.state(streamRef('image', imageId))).toMatchObject({ status: 'saving' });
  });

  it('is active once it is kept, however often it is sent, and the server shows how far it is', async () => {
    expect(await statuses(HERE, path())).toEqual([204, 204]);
    expect((await cloud.core.executor.state(instance)).operation?.snapshot).toMatchObject({ stage: 'uploading' });
    const { status, record, blob } = await cloud.core.executor.state(streamRef('image', imageId));
    expect([status, record?.diskFormat, record?.containerFormat, blob?.sizeBytes]).toEqual([
      'active',
      'qcow2',
      'bare',
      4,
    ]);
    expect(await statuses(HERE, path())).toEqual([204, 204]);
  });

  it('is not wanted any more when it was deleted', async () => {
    await cloud.execute(streamRef('image', imageId), { type: 'DeleteImage', data: {} });
    expect(await statuses(HERE, path())).toEqual([410, 410]);
  });
});
