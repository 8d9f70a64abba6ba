import { DEFAULT_FLAVORS, type DomainEvent, type FlavorRecord } from '@cairn/domain';
import { at, rowsAfter, timeline } from '../testing/timeline';
import { FlavorRow } from './row';

const tiny = DEFAULT_FLAVORS[0] as FlavorRecord;
const created: DomainEvent = { type: 'flavor.created.v1', data: tiny };
const deleted: DomainEvent = { type: 'flavor.deleted.v1', data: { flavorId: '1' } };

const row = async (...events: readonly DomainEvent[]): Promise<FlavorRow | undefined> =>
  (await rowsAfter(timeline(...events.map((event) => ['flavor-1', event] as const)))).get(FlavorRow, '1');

describe('flavors.v1', () => {
  it('shows a flavor while it can be launched', async () => {
    const { flavorId: _id, ...shown } = tiny;
    expect(await row(created)).toEqual({ id: '1', ...shown, createdAt: at(1) });
    expect(await row(created, deleted)).toBeUndefined();
  });

  it('shows one that was made again under the same id', async () => {
    expect(await row(created, deleted, created)).toMatchObject({ name: 'm1.tiny', createdAt: at(3) });
  });
});
