import { serverReservation } from '@cairn/domain';
import { projections } from '../projections';
import { KeypairRow, QuotaRow } from '../read-models';
import { eventually } from '../testing/eventually';
import { fastTime, Told } from '../testing/runtime';
import { TestLog } from '../testing/test-log';
import { position, recorded } from '../testing/timeline';
import { BuildingRowStore, HeldRows } from './building-row-store';
import { MemoryReadModel } from './memory-read-model';
import { positionText } from './position';
import { at, pair, rowStoreContract } from './row-store.contract';
import { ReadModelRunner } from './runner';
import { ParkedStreamRow } from './rows';

/** It may hold nothing, little or all: its callers must not notice. */
for (const mostHeld of [1, 3, 100_000]) {
  rowStoreContract(`a store of a generation in the making that holds ${String(mostHeld)} rows`, () => {
    const stored = new MemoryReadModel();
    const store = new BuildingRowStore(stored, new HeldRows(mostHeld));
    return Promise.resolve({
      store,
      rows: async (entity) => {
        await store.write();
        return stored.all(entity);
      },
      close: () => Promise.resolve(),
    });
  });
}

describe('a generation in the making', () => {
  const make = (mostHeld?: number): { readonly stored: MemoryReadModel; readonly store: BuildingRowStore } => {
    const stored = new MemoryReadModel();
    return { stored, store: new BuildingRowStore(stored, new HeldRows(mostHeld)) };
  };

  it('is written when as many rows are held as may be, and when it is built', async () => {
    const { stored, store } = make(3);
    await store.advance(null, at(1), (tx) => tx.put(KeypairRow, [pair(1), pair(2)]));
    expect(stored.all(KeypairRow)).toEqual([]);
    await store.advance(at(1), at(2), (tx) => tx.put(KeypairRow, [pair(3)]));
    expect(stored.all(KeypairRow)).toHaveLength(3);
    await store.advance(at(2), at(3), (tx) => tx.put(KeypairRow, [pair(4)]));
    expect((await stored.checkpoint()).position).toBe(at(2));
    await store.markBuilt();
    expect(stored.all(KeypairRow)).toHaveLength(4);
    expect(await stored.checkpoint()).toMatchObject({ position: at(3), built: true });
  });

  it('is written batch by batch once it is built', async () => {
    const { stored, store } = make();
    await store.markBuilt();
    await store.advance(null, at(1), (tx) => tx.put(KeypairRow, [pair(1)]));
    expect(stored.all(KeypairRow)).toEqual([pair(1)]);
    const later = new BuildingRowStore(stored);
    await later.advance(at(1), at(2), (tx) => tx.put(KeypairRow, [pair(2)]));
    expect(stored.all(KeypairRow)).toHaveLength(2);
  });

  it('shows what is held before what is stored', async () => {
    const { store } = make();
    await store.advance(null, at(1), (tx) => tx.put(KeypairRow, [pair(1), pair(2), pair(3)]));
    await store.write();
    await store.advance(at(1), at(2), async (tx) => {
      await tx.put(KeypairRow, [{ ...pair(1), userId: 'u2' }, pair(4)]);
      await tx.remove(KeypairRow, [pair(2).id]);
    });
    const keys = [1, 2, 3, 4].map((n) => pair(n).id);
    const found = await store.load(KeypairRow, keys);
    expect((found as readonly KeypairRow[]).map(({ id, userId }) => [id, userId]).sort()).toEqual([
      ['u1/00001', 'u2'],
      ['u1/00003', 'u1'],
      ['u1/00004', 'u1'],
    ]);
    const ofFirst = await store.select(KeypairRow, 'userId', ['u1']);
    expect(ofFirst.map(({ id }) => id).sort()).toEqual(['u1/00003', 'u1/00004']);
  });

  it('begins again from the checkpoint when what it held is lost', async () => {
    const { stored, store } = make();
    await store.advance(null, at(1), (tx) => tx.put(KeypairRow, [pair(1)]));
    await store.write();
    await store.advance(at(1), at(2), (tx) => tx.put(KeypairRow, [pair(2)]));
    const later = new BuildingRowStore(stored);
    expect((await later.checkpoint()).position).toBe(at(1));
    expect(await later.load(KeypairRow, [pair(2).id])).toEqual([]);
  });

  it('forgets what it holds when another controller has written', async () => {
    const { stored, store } = make();
    await store.advance(null, at(1), (tx) => tx.put(KeypairRow, [pair(1)]));
    await stored.advance(null, at(5), (tx) => tx.put(KeypairRow, [pair(5)]));
    await expect(store.markBuilt()).rejects.toThrow('the checkpoint is no longer at');
    expect(await store.checkpoint()).toMatchObject({ position: at(5), built: false });
    await store.advance(at(5), at(6), (tx) => tx.put(KeypairRow, [pair(6)]));
    await store.markBuilt();
    expect(stored.all(KeypairRow)).toEqual([pair(5), pair(6)]);
  });

  it('knows what is parked, written or held', async () => {
    const { store } = make();
    const parked = (id: string): ParkedStreamRow => ({
      id,
      position: at(1),
      eventType: 'e',
      projection: 'p',
      reason: 'r',
      at: '2026-01-01T00:00:00.000Z',
    });
    await store.advance(null, at(1), (tx) => tx.park([parked('image-1')]));
    await store.write();
    await store.advance(at(1), at(2), (tx) => tx.park([parked('image-2')]));
    expect((await store.checkpoint()).parked).toEqual(new Set(['image-1', 'image-2']));
  });

  it.each([1, 3, 7, 1_000])(
    'is built once by two that build it at the same time, each holding %s rows',
    async (held) => {
      const reserved = Array.from({ length: 40 }, (_, n) => {
        const reservations = [serverReservation(`i${String(n)}`, { vcpus: 1, ramMb: 1 })];
        const project = `p${String(n % 5)}`;
        return recorded(
          `quota-${project}`,
          { type: 'quota.reserved.v2', data: { reservations, settleAfter: '' } },
          n + 1,
        );
      });
      const stored = new MemoryReadModel();
      const runners = [2, 3].map(
        (batchSize) =>
          new ReadModelRunner({
            log: new TestLog(reserved),
            groups: [{ projections, store: new BuildingRowStore(stored, new HeldRows(held)) }],
            timer: fastTime,
            logger: new Told(),
            batchSize,
          }),
      );
      for (const runner of runners) runner.start();
      await eventually('both are ready', () => runners.every((runner) => runner.isReady()));
      await Promise.all(runners.map((runner) => runner.stop()));
      expect(stored.all(QuotaRow).map(({ usage }) => usage['instances'])).toEqual([8, 8, 8, 8, 8]);
      expect(await stored.checkpoint()).toMatchObject({ position: positionText(position(40)), built: true });
    },
  );
});
