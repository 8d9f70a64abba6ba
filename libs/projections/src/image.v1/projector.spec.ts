import type { DomainEvent } from '@cairn/domain';
import { imageOf } from '../../../domain/src/testing/model';
import { at, rowsAfter, timeline } from '../testing/timeline';
import { ImageRow } from './row';

const record = imageOf({ imageId: 'i1', minDiskGb: 1, minRamMb: 64, tags: ['a'], properties: { os: 'linux' } });
const created: DomainEvent = { type: 'image.created.v1', data: record };
const blob = { sizeBytes: 5_000_000_000, sha256: 'ab', sha512: 'cd', md5: 'ef' };
const uploaded: DomainEvent = { type: 'image.uploaded.v1', data: blob };

const row = async (...events: readonly DomainEvent[]): Promise<ImageRow | undefined> =>
  (await rowsAfter(timeline(...events.map((event) => ['image-i1', event] as const)))).get(ImageRow, 'i1');

describe('images.v1', () => {
  it('is queued without size or hashes until it was uploaded', async () => {
    const { imageId: _id, ...shown } = record;
    const expected = { id: 'i1', ...shown, status: 'queued', sizeBytes: null, sha256: null, createdAt: at(1) };
    expect(await row(created)).toMatchObject(expected);
    expect(await row(created, uploaded)).toMatchObject({ status: 'active', ...blob, updatedAt: at(2) });
  });

  it('changes only what an update names', async () => {
    const updated: DomainEvent = { type: 'image.updated.v1', data: { name: 'new', tags: [] } };
    const expected = { name: 'new', tags: [], properties: { os: 'linux' }, createdAt: at(1), updatedAt: at(2) };
    expect(await row(created, updated)).toMatchObject(expected);
  });

  it('stays as deleted: servers refer to it', async () => {
    const deleted: DomainEvent = { type: 'image.deleted.v1', data: { imageId: 'i1' } };
    expect(await row(created, uploaded, deleted)).toMatchObject({ status: 'deleted', deletedAt: at(3), sha256: 'ab' });
  });
});
