import type { DomainEvent } from '@cairn/domain';
import { at, rowsAfter, timeline } from '../testing/timeline';
import { HostAggregateRow } from './row';

const record = { number: 7, uuid: 'u', name: 'rack 7', metadata: { ssd: 'true' } };
const host = { hostId: 'h1', name: 'node1' };
const rowsOf = async (...events: readonly DomainEvent[]): Promise<readonly HostAggregateRow[]> =>
  (await rowsAfter(timeline(...events.map((event) => ['hostaggregates-cloud', event] as const)))).all(HostAggregateRow);

describe('host-aggregates.v1', () => {
  const created: DomainEvent = { type: 'host-aggregate.created.v1', data: record };
  const shown = { id: '7', ...record, hosts: [], createdAt: at(1), updatedAt: null };

  it('shows an aggregate until it is deleted', async () => {
    expect(await rowsOf(created)).toEqual([shown]);
    expect(await rowsOf(created, { type: 'host-aggregate.deleted.v1', data: { number: 7 } })).toEqual([]);
  });

  it('shows its hosts, and what it says of them', async () => {
    const added: DomainEvent = { type: 'host-aggregate.host-added.v1', data: { number: 7, host } };
    expect(await rowsOf(created, added)).toEqual([{ ...shown, hosts: [host] }]);
    const metadata = { availability_zone: 'here' };
    const events: readonly DomainEvent[] = [
      created,
      added,
      { type: 'host-aggregate.renamed.v1', data: { number: 7, name: 'row 7' } },
      { type: 'host-aggregate.metadata-set.v1', data: { number: 7, metadata } },
      { type: 'host-aggregate.host-removed.v1', data: { number: 7, hostId: 'h1' } },
    ];
    expect(await rowsOf(...events)).toEqual([{ ...shown, name: 'row 7', metadata, updatedAt: at(4) }]);
  });
});
