import { DEFAULT_FLAVORS, type DomainEvent, type FlavorRecord } from '@cairn/domain';
import { at, rowsAfter, timeline } from '../testing/timeline';
import { FlavorRow } from './row';

const tiny = DEFAULT_FLAVORS[0] as FlavorRecord;
const created: DomainEvent = { type: 'flavor.created.v1', data: tiny };
const deleted: DomainEvent = { type: 'flavor.deleted.v1', data: { flavorId: '1' } };

const row = async (...events: readonly DomainEvent[]): Promise<FlavorRow | undefined> =>
  (await rowsAfter(timeline(...events.map((event) => ['flavor-1', event] as const)))).get(FlavorRow, '1');

describe('flavors.v2', () => {
  it('shows a flavor while it can be launched', async () => {
    const { flavorId: _id, ...shown } = tiny;
    expect(await row(created)).toEqual({
      id: '1',
      ...shown,
      description: null,
      extraSpecs: {},
      access: [],
      createdAt: at(1),
    });
    expect(await row(created, deleted)).toBeUndefined();
  });

  it('shows what is said of it, what it demands, and which projects may use it', async () => {
    const extraSpecs = { 'hw:cpu_policy': 'shared' };
    const events: readonly DomainEvent[] = [
      created,
      { type: 'flavor.described.v1', data: { flavorId: '1', description: 'small' } },
      { type: 'flavor.extra-specs-set.v1', data: { flavorId: '1', extraSpecs } },
      { type: 'flavor.access-granted.v1', data: { flavorId: '1', projectId: 'p' } },
    ];
    expect(await row(...events)).toMatchObject({ description: 'small', extraSpecs, access: ['p'] });
    const revoked: DomainEvent = { type: 'flavor.access-revoked.v1', data: { flavorId: '1', projectId: 'p' } };
    expect(await row(...events, revoked)).toMatchObject({ access: [] });
  });

  it('shows one that was made again under the same id', async () => {
    expect(await row(created, deleted, created)).toMatchObject({ name: 'm1.tiny', createdAt: at(3) });
  });
});
