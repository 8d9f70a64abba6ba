import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { BlobMissing, BlobStore, BlobSweep, BlobTooLarge, RangeNotSatisfiable, UploadBroken } from '.';

const MAX = 1000;
const HOUR = 3_600_000;

const hash = (algorithm: string, bytes: string): string => createHash(algorithm).update(bytes).digest('hex');
const sent = (...chunks: readonly string[]): Readable => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

async function* brokenOff(): AsyncIterable<Uint8Array> {
  yield Buffer.from('the first half');
  await Promise.reject(new Error('aborted'));
}

describe('BlobStore', () => {
  let root: string;
  let store: BlobStore;
  const files = (): Promise<string[]> => readdir(join(root, 'sha256'));
  const uploading = (): Promise<string[]> => readdir(join(root, 'uploading'));

  beforeEach(async () => {
    root = join(await mkdtemp(join(tmpdir(), 'cairn-blobs-')), 'blobs');
    store = await BlobStore.open({ root, maxBytes: MAX });
  });
  afterEach(() => rm(join(root, '..'), { recursive: true }));

  it('names what it was sent by its hash and says what it is', async () => {
    const blob = await store.put(sent('hello ', 'world'));
    expect(blob).toEqual({
      sizeBytes: 11,
      sha256: hash('sha256', 'hello world'),
      sha512: hash('sha512', 'hello world'),
      md5: hash('md5', 'hello world'),
    });
    expect(await files()).toEqual([blob.sha256]);
    expect(await uploading()).toEqual([]);
    const read = await store.read(blob.sha256);
    expect([read.sizeBytes, await text(read.stream)]).toEqual([11, 'hello world']);
  });

  it('keeps an empty blob', async () => {
    const { sha256 } = await store.put(sent());
    const { stream, sizeBytes } = await store.read(sha256);
    expect([sizeBytes, await text(stream)]).toEqual([0, '']);
  });

  it('keeps the same bytes once, however many send them at the same time', async () => {
    const blobs = await Promise.all(Array.from({ length: 8 }, () => store.put(sent('same'))));
    expect(new Set(blobs.map(({ sha256 }) => sha256)).size).toBe(1);
    expect(await files()).toHaveLength(1);
    expect(await text((await store.read(hash('sha256', 'same'))).stream)).toBe('same');
  });

  it('keeps nothing of an upload that breaks off', async () => {
    await expect(store.put(brokenOff())).rejects.toThrow(UploadBroken);
    expect([await files(), await uploading()]).toEqual([[], []]);
  });

  it('takes as many bytes as it may, and not one more', async () => {
    expect((await store.put(sent('x'.repeat(MAX)))).sizeBytes).toBe(MAX);
    await expect(store.put(sent('x'.repeat(MAX), 'x'))).rejects.toThrow(BlobTooLarge);
    expect([await files(), await uploading()]).toEqual([[hash('sha256', 'x'.repeat(MAX))], []]);
  });

  it('reads a part', async () => {
    const { sha256 } = await store.put(sent('0123456789'));
    const part = await store.read(sha256, { first: 2, last: 4 });
    expect([part.range, await text(part.stream)]).toEqual([{ first: 2, last: 4 }, '234']);
    const rest = await store.read(sha256, { first: 8, last: 99 });
    expect([rest.range, await text(rest.stream)]).toEqual([{ first: 8, last: 9 }, '89']);
    await expect(store.read(sha256, { first: 10, last: 12 })).rejects.toThrow(RangeNotSatisfiable);
  });

  it.each(['0'.repeat(64), 'not a hash', '../../../etc/passwd'])('does not have %s', async (name) => {
    await expect(store.read(name)).rejects.toThrow(BlobMissing);
  });

  it('removes at start what a crash left, and nothing that is still being sent', async () => {
    const other = join(root, 'uploading', `${hostname()}.${String(process.ppid)}.alive`);
    const left = [`${hostname()}.${String(process.pid)}.earlier`, `${hostname()}.4194999.gone`];
    for (const name of left) await writeFile(join(root, 'uploading', name), 'half');
    await writeFile(other, 'half');
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const slow = store.put(
      Readable.from(
        (async function* slowly() {
          yield Buffer.from('a');
          await gate;
          yield Buffer.from('b');
        })(),
      ),
    );
    while ((await uploading()).length < 4) await new Promise((resolve) => setImmediate(resolve));
    await BlobStore.open({ root, maxBytes: MAX });
    expect((await uploading()).filter((name) => left.includes(name))).toEqual([]);
    expect(await uploading()).toHaveLength(2);
    go();
    expect((await slow).sizeBytes).toBe(2);
    expect(await store.removeDeadUploads(Date.now() + 2 * HOUR)).toBe(1);
    expect(await uploading()).toEqual([]);
  });

  it('brings back a blob whose removal a crash cut off', async () => {
    const { sha256 } = await store.put(sent('x'));
    await rename(join(root, 'sha256', sha256), join(root, 'uploading', `removing.${sha256}`));
    const again = await BlobStore.open({ root, maxBytes: MAX });
    expect(await text((await again.read(sha256)).stream)).toBe('x');
    expect(await uploading()).toEqual([]);
  });

  describe('BlobSweep', () => {
    const now = (): number => Date.now() + 10 * HOUR;
    const sweepOf = (used: () => readonly string[]): BlobSweep =>
      new BlobSweep(store, () => Promise.resolve(new Set(used())), HOUR);

    it('removes what nothing needs for a whole grace period, and keeps what something does', async () => {
      const [needed, not] = [await store.put(sent('needed')), await store.put(sent('not'))];
      const sweep = sweepOf(() => [needed.sha256]);
      expect(await sweep.run(now())).toEqual([]);
      expect(await sweep.run(now() + HOUR / 2)).toEqual([]);
      expect(await sweep.run(now() + HOUR + 1)).toEqual([not.sha256]);
      expect(await files()).toEqual([needed.sha256]);
    });

    it('starts to count again when a blob was needed in between', async () => {
      const { sha256 } = await store.put(sent('x'));
      let used = [''];
      const sweep = sweepOf(() => used);
      await sweep.run(now());
      used = [sha256];
      await sweep.run(now() + HOUR / 2);
      used = [];
      expect(await sweep.run(now() + 2 * HOUR)).toEqual([]);
      expect(await sweep.run(now() + 4 * HOUR)).toEqual([sha256]);
    });

    it('leaves a blob alone whose bytes were sent again a moment ago', async () => {
      const { sha256 } = await store.put(sent('again'));
      const old = new Date(Date.now() - 10 * HOUR);
      await utimes(join(root, 'sha256', sha256), old, old);
      const sweep = sweepOf(() => []);
      await sweep.run(Date.now() - 2 * HOUR);
      await store.put(sent('again'));
      expect(await sweep.run(Date.now())).toEqual([]);
      expect(await store.remove(sha256, Date.now() - HOUR)).toBe(false);
      expect((await stat(join(root, 'sha256', sha256))).size).toBe(5);
    });
  });
});
