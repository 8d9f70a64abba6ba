import type { DomainEvent, Reservation, StreamRef } from '@cairn/domain';
import { QuotaReservationRow } from '../quota-reservation.v1/row';
import { at, rowsAfter, timeline } from '../testing/timeline';
import { QuotaRow } from './row';

const owner = (n: number): StreamRef => ({ category: 'instance', id: `i${String(n)}` });
const reservation = (n: number): Reservation => ({
  owner: owner(n),
  amounts: { instances: 1, cores: n, ram: n * 512 },
});
const reserved: DomainEvent = {
  type: 'quota.reserved.v2',
  data: { reservations: [reservation(1), reservation(2)], settleAfter: at(60) },
};
const released: DomainEvent = { type: 'quota.released.v2', data: { owner: owner(2) } };
const limits = (cores: number | null, instances: number): DomainEvent => ({
  type: 'quota.limits-set.v2',
  data: { limits: { cores, instances } },
});

const model = (size: number, ...events: readonly DomainEvent[]): ReturnType<typeof rowsAfter> =>
  rowsAfter(timeline(...events.map((event) => ['quota-p1', event] as const)), size);

describe.each([1, 100])('quotas.v2, %d events at a time', (size) => {
  it('counts what is reserved', async () => {
    const expected = { id: 'p1', overrides: {}, usage: { instances: 2, cores: 3, ram: 1536 } };
    expect((await model(size, reserved)).get(QuotaRow, 'p1')).toEqual(expected);
  });

  it('gives back what the released server counted for', async () => {
    const rows = await model(size, reserved, released);
    expect(rows.get(QuotaRow, 'p1')).toMatchObject({ usage: { instances: 1, cores: 1, ram: 512 } });
    expect(rows.all(QuotaReservationRow)).toEqual([
      { id: 'instance-i1', projectId: 'p1', amounts: { instances: 1, cores: 1, ram: 512 } },
    ]);
  });

  it('counts owners of any kind', async () => {
    const volume = { owner: { category: 'volume', id: 'i1' }, amounts: { volumes: 1, gigabytes: 5, gigabytes_lvm: 5 } };
    const both: DomainEvent = {
      type: 'quota.reserved.v2',
      data: { reservations: [reservation(1), volume], settleAfter: at(60) },
    };
    const gone: DomainEvent = { type: 'quota.released.v2', data: { owner: owner(1) } };
    const rows = await model(size, both, gone);
    expect(rows.get(QuotaRow, 'p1')).toMatchObject({ usage: volume.amounts });
    expect(rows.all(QuotaReservationRow).map(({ id }) => id)).toEqual(['volume-i1']);
  });

  it('keeps only the limits that differ from the default', async () => {
    const rows = await model(size, limits(5, 6), limits(null, 7));
    expect(rows.get(QuotaRow, 'p1')).toMatchObject({ overrides: { instances: 7 }, usage: {} });
  });
});
