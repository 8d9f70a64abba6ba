import { type ImageBlob, streamRef } from '@cairn/domain';
import { Readable } from 'node:stream';

import { imageOf } from '../../../../../libs/domain/src/testing/model';
import { HOSTS, type HostsCloud, launch, startHostsCloud } from './testing/hosts-cloud';
import { blobsInUse } from '../../blobs/in-use';

const IDS = ['1a4e0000-0000-4000-8000-000000000001', '1a4e0000-0000-4000-8000-000000000002'] as const;

describe('blobsInUse', () => {
  let cloud: HostsCloud;
  beforeAll(async () => {
    cloud = await startHostsCloud();
  });
  afterAll(() => cloud.close());

  /** An active image with these bytes. */
  const image = async (imageId: string, bytes: string): Promise<ImageBlob> => {
    const data = imageOf({ imageId, projectId: 'p1', name: bytes, diskFormat: 'raw' });
    await cloud.execute(streamRef('image', imageId), { type: 'CreateImage', data });
    const blob = await cloud.blobs.put(Readable.from([Buffer.from(bytes)]));
    await cloud.execute(streamRef('image', imageId), { type: 'RecordImageUploaded', data: blob });
    return blob;
  };
  const used = async (position: bigint): Promise<ReadonlySet<string>> => {
    expect(await cloud.core.readModel.waitFor(position, 10_000)).toBe(true);
    return blobsInUse(cloud.core.readModel);
  };

  it('counts images that are there, and deleted ones of servers that are there', async () => {
    const [disk, kernel] = [await image(IDS[0], 'disk'), await image(IDS[1], 'kernel')];
    const { id } = await launch(cloud, 1, {
      image: { imageId: IDS[0], format: 'raw', ...disk },
      kernel: { imageId: IDS[1], format: 'aki', ...kernel },
      hostId: HOSTS[0],
    });
    await cloud.execute(streamRef('image', IDS[0]), { type: 'DeleteImage', data: {} });
    const deletion = await cloud.execute(streamRef('image', IDS[1]), { type: 'DeleteImage', data: {} });
    expect(await used(deletion.position)).toEqual(new Set([disk.sha256, kernel.sha256]));

    const instance = streamRef('instance', id);
    await cloud.execute(instance, { type: 'DeleteInstance', data: {} });
    const { debts } = await cloud.core.executor.state(instance);
    let last = 0n;
    for (const { id: debtId } of debts) {
      last = (await cloud.execute(instance, { type: 'RecordReleased', data: { debtId } })).position;
    }
    expect(await used(last)).toEqual(new Set());
  });

  it('counts the deleted image that an offloaded server comes back from, for as long as its disk lies over it', async () => {
    const ids = ['1a4e0000-0000-4000-8000-000000000003', '1a4e0000-0000-4000-8000-000000000004'] as const;
    const [first, shelved] = [await image(ids[0], 'first'), await image(ids[1], 'shelved')];
    const { id } = await launch(cloud, 2, { image: { imageId: ids[0], format: 'raw', ...first }, hostId: HOSTS[0] });
    const target = streamRef('instance', id);
    const asked = { image: imageOf({ imageId: ids[1] }), offloadAfterMs: null };
    const facts = { power: 'stopped', timings: {} } as const;
    const { generation } = await cloud.core.executor.state(target);
    await cloud.execute(target, { type: 'RecordLaunched', data: { generation, facts, restarted: null } });
    const notAfter = '2100-01-01T00:00:00.000Z';
    await cloud.execute(target, { type: 'ShelveInstance', data: { ...asked, notAfter } });
    const { operation } = await cloud.core.executor.state(target);
    const done = { operationId: operation?.operationId ?? '', facts, restarted: null };
    await cloud.execute(target, { type: 'RecordOperationDone', data: done });
    await cloud.execute(target, { type: 'ShelveOffloadInstance', data: {} });
    for (const { id: debtId } of (await cloud.core.executor.state(target)).debts)
      await cloud.execute(target, { type: 'RecordReleased', data: { debtId } });
    const back = { image: { imageId: ids[1], format: 'raw', ...shelved }, notAfter } as const;
    await cloud.execute(target, { type: 'UnshelveInstance', data: back });
    const { position } = await cloud.execute(streamRef('image', ids[1]), { type: 'DeleteImage', data: {} });
    expect(await used(position)).toEqual(new Set([first.sha256, shelved.sha256]));
  });
});
