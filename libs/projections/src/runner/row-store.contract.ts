import { CheckpointMoved } from '../errors';
import type { Row } from '../projection';
import { ImageRow, KeypairRow } from '../read-models';
import { positionText } from './position';
import type { EntityOf, RowStore, RowTransaction } from './row-store';
import { ParkedStreamRow } from './rows';

export interface StoreUnderTest {
  readonly store: RowStore;
  /** The rows that are committed, by key. */
  rows(entity: EntityOf): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** The n-th position, as a checkpoint has it. */
export const at = (n: number): string => positionText(BigInt(n));

/** The n-th key pair of a user. */
export const pair = (n: number, userId = 'u1'): KeypairRow => ({
  id: `${userId}/${String(n).padStart(5, '0')}`,
  userId,
  name: String(n),
  keyType: 'ssh',
  publicKey: 'k',
  fingerprint: 'f',
  createdAt: '2026-01-01T00:00:00.000Z',
});

const image: ImageRow = {
  id: 'i1',
  projectId: 'p1',
  name: null,
  visibility: 'private',
  status: 'active',
  diskFormat: 'qcow2',
  containerFormat: 'bare',
  minDiskGb: 0,
  minRamMb: 0,
  protected: true,
  tags: ['ünïcode', "it's"],
  properties: { os: 'linux' },
  sizeBytes: 2 ** 40,
  sha256: 'ab',
  sha512: 'cd',
  md5: 'ef',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  deletedAt: null,
  position: at(7),
};

const put =
  (...rows: readonly KeypairRow[]) =>
  (tx: RowTransaction): Promise<void> =>
    tx.put(KeypairRow, rows);

/** What the runner relies on, of any store of rows. */
export function rowStoreContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the RowStore contract`, () => {
    let made: StoreUnderTest;
    beforeEach(async () => {
      made = await make();
    });
    afterEach(() => made.close());

    it('begins before the first event, not built, with nothing parked', async () => {
      expect(await made.store.checkpoint()).toEqual({ position: null, built: false, parked: new Set() });
    });

    it('moves rows and checkpoint together', async () => {
      await made.store.advance(null, at(1), put(pair(1)));
      await made.store.advance(at(1), at(2), put(pair(2)));
      expect(await made.rows(KeypairRow)).toEqual([pair(1), pair(2)]);
      expect((await made.store.checkpoint()).position).toBe(at(2));
    });

    it('writes nothing when the work throws, and goes on from where it was', async () => {
      await made.store.advance(null, at(1), put(pair(1)));
      const broken = made.store.advance(at(1), at(2), async (tx) => {
        await tx.put(KeypairRow, [pair(2)]);
        await tx.remove(KeypairRow, [pair(1).id]);
        throw new Error('power cut');
      });
      await expect(broken).rejects.toThrow('power cut');
      expect(await made.rows(KeypairRow)).toEqual([pair(1)]);
      expect((await made.store.checkpoint()).position).toBe(at(1));
      await made.store.advance(at(1), at(2), put(pair(2)));
      expect(await made.rows(KeypairRow)).toHaveLength(2);
    });

    it.each([null, at(1), at(3)])('refuses to advance from %s when the checkpoint is elsewhere', async (from) => {
      await made.store.advance(null, at(2), put(pair(1)));
      await expect(made.store.advance(from, at(4), put(pair(2)))).rejects.toThrow(CheckpointMoved);
      expect(await made.rows(KeypairRow)).toEqual([pair(1)]);
      expect((await made.store.checkpoint()).position).toBe(at(2));
    });

    it('gives back what was put: texts, lists, maps, nothing, flags, sizes beyond 32 bits', async () => {
      await made.store.advance(null, at(1), (tx) => tx.put(ImageRow, [image]));
      await made.store.advance(at(1), at(2), async (tx) => {
        expect(await tx.load(ImageRow, ['i1', 'unknown'])).toEqual([image]);
      });
      expect(await made.rows(ImageRow)).toEqual([image]);
    });

    it('replaces whole rows', async () => {
      await made.store.advance(null, at(1), (tx) => tx.put(ImageRow, [image]));
      const changed = { ...image, name: 'new', tags: [], protected: false, sizeBytes: null };
      await made.store.advance(at(1), at(2), (tx) => tx.put(ImageRow, [changed]));
      expect(await made.rows(ImageRow)).toEqual([changed]);
    });

    it('finds, chooses and removes among many', async () => {
      const mine = Array.from({ length: 777 }, (_, i) => pair(i));
      const others = Array.from({ length: 130 }, (_, i) => pair(i, 'u2'));
      await made.store.advance(null, at(1), put(...mine, ...others));
      await made.store.advance(at(1), at(2), async (tx) => {
        const keys = mine.map(({ id }) => id);
        expect(await tx.load(KeypairRow, keys)).toHaveLength(777);
        expect(await tx.select(KeypairRow, 'userId', ['u2', 'nobody'])).toHaveLength(130);
        await tx.remove(KeypairRow, keys.slice(0, 500));
      });
      expect(await made.rows(KeypairRow)).toEqual([...mine.slice(500), ...others]);
    });

    it('is read outside of a batch as the last batch left it', async () => {
      await made.store.advance(null, at(1), put(pair(1), pair(2), pair(3, 'u2')));
      await made.store.advance(at(1), at(2), (tx) => tx.remove(KeypairRow, [pair(1).id]));
      expect(await made.store.load(KeypairRow, [pair(1).id, pair(2).id])).toEqual([pair(2)]);
      expect(await made.store.select(KeypairRow, 'userId', ['u1'])).toEqual([pair(2)]);
    });

    it('remembers what is parked and that it was built', async () => {
      const why = { eventType: 'e', projection: 'p', reason: 'r', at: image.createdAt };
      const parked: ParkedStreamRow = { id: 'image-1', position: at(1), ...why };
      await made.store.markBuilt();
      await made.store.advance(null, at(1), (tx) => tx.park([parked]));
      const expected = { position: at(1), built: true, parked: new Set(['image-1']) };
      expect(await made.store.checkpoint()).toEqual(expected);
      expect(await made.rows(ParkedStreamRow)).toEqual([parked]);
    });

    it('knows which history its rows are folded from, which only a reset changes', async () => {
      expect(await made.store.history()).toBeNull();
      await made.store.reset('store/1');
      await made.store.advance(null, at(1), put(pair(1)));
      await made.store.markBuilt();
      expect(await made.store.history()).toBe('store/1');
      await made.store.reset('store/2');
      expect(await made.store.history()).toBe('store/2');
      expect(await made.rows(KeypairRow)).toEqual([]);
      await made.store.reset(null);
      expect(await made.store.history()).toBeNull();
    });

    it('leaves alone the rows of a controller that has started over meanwhile', async () => {
      await made.store.reset('store/1', null);
      await made.store.advance(null, at(1), put(pair(1)));
      await made.store.markBuilt();
      await made.store.reset('store/1', null);
      await made.store.reset('store/2', 'store/0');
      expect(await made.store.history()).toBe('store/1');
      expect(await made.rows(KeypairRow)).toEqual([pair(1)]);
      await made.store.reset('store/2', 'store/1');
      expect(await made.store.history()).toBe('store/2');
      expect(await made.rows(KeypairRow)).toEqual([]);
      await made.store.reset(null, 'store/2');
      expect(await made.store.history()).toBeNull();
    });

    it('forgets everything on a reset', async () => {
      await made.store.advance(null, at(9), put(pair(1)));
      await made.store.markBuilt();
      await made.store.reset(null);
      expect(await made.store.checkpoint()).toEqual({ position: null, built: false, parked: new Set() });
      expect(await made.rows(KeypairRow)).toEqual([]);
      await made.store.advance(null, at(1), put(pair(2)));
      expect(await made.rows(KeypairRow)).toEqual([pair(2)]);
    });
  });
}
