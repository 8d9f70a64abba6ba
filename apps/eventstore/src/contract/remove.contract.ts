import {
  fresh,
  noted,
  notedUpTo,
  revisions,
  type Expected,
  type Peer,
  type Resolved,
  type StreamDocument,
} from './peer';

/** EventStoreDB answers the append that brings a stream back, and then writes the metadata that does it. */
const BACK_MS = 2_000;

/** Reads a stream that was just brought back. */
async function readBack(peer: Peer, stream: string): Promise<readonly Resolved[]> {
  const patient = Date.now() + BACK_MS;
  for (;;) {
    try {
      return await peer.read(stream);
    } catch (error) {
      if (Date.now() > patient) throw error;
    }
  }
}

/** Stream metadata, and what it hides. */
export function describing(peer: () => Peer): void {
  it('gives metadata back as it was set, and replaces it whole', async () => {
    const stream = fresh();
    expect(await peer().getMetadata(stream)).toBeUndefined();
    const roles = { readRoles: ['ops', 'admins'], writeRoles: ['ops'], deleteRoles: ['ops'] };
    const acl = { ...roles, metaReadRoles: ['ops'], metaWriteRoles: ['ops'] };
    const whole: StreamDocument = { maxCount: 12, maxAge: 200, truncateBefore: 1, cacheControl: 15, acl, птица: '🦃' };
    expect(await peer().setMetadata(stream, whole, 'no_stream')).toMatchObject({ revision: 0n });
    expect(await peer().getMetadata(stream)).toEqual(whole);
    expect(await peer().setMetadata(stream, { maxCount: 11 }, 0n)).toMatchObject({ revision: 1n });
    expect(await peer().getMetadata(stream)).toEqual({ maxCount: 11 });
    const late = peer().setMetadata(stream, { maxCount: 1 }, 0n);
    await expect(late).rejects.toMatchObject({ type: 'wrong-expected-version', expected: 0n, actual: 1n });
    await expect(peer().read(stream)).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  it.each<[string, StreamDocument, readonly bigint[]]>([
    ['maxCount', { maxCount: 2 }, [3n, 4n]],
    ['truncateBefore', { truncateBefore: 3 }, [3n, 4n]],
    ['both', { truncateBefore: 4, maxCount: 3 }, [4n]],
    ['neither', {}, [0n, 1n, 2n, 3n, 4n]],
  ])('shows what %s leaves of a stream, and all of it in $all', async (_, metadata, expected) => {
    const stream = fresh();
    await peer().append(stream, notedUpTo(3));
    await peer().setMetadata(stream, metadata);
    const { position = 0n } = await peer().append(stream, [noted(3), noted(4)]);
    expect(revisions(await peer().read(stream))).toEqual(expected);
    const backwards = await peer().read(stream, { backwards: true, from: 'end' });
    expect(revisions(backwards)).toEqual([...expected].reverse());
    expect(revisions(await peer().read(stream, { count: 1 }))).toEqual(expected.slice(0, 1));
    const all = await peer().readAll({ backwards: true, from: position, count: 5 });
    expect(revisions(all.filter(({ event }) => event?.stream === stream))).toEqual([3n, 2n, 1n, 0n]);
  });

  it('hides what is older than maxAge', async () => {
    const stream = fresh();
    await peer().append(stream, notedUpTo(2));
    await peer().setMetadata(stream, { maxAge: 1 });
    const deadline = Date.now() + 10_000;
    while ((await peer().read(stream)).length > 0 && Date.now() < deadline);
    expect(await peer().read(stream)).toEqual([]);
    expect(await peer().append(stream, [noted(3)])).toMatchObject({ revision: 2n });
  });
}

/** Methods Delete and Tombstone. */
export function removing(peer: () => Peer): void {
  it.each<[Expected, bigint]>([
    ['any', 3n],
    ['no_stream', 3n],
    [2n, 3n],
  ])('deletes a stream so that it may come back with %s, behind what it was', async (expected, revision) => {
    const stream = fresh();
    const first = await peer().append(stream, notedUpTo(3));
    await peer().setMetadata(stream, { cacheControl: 7 });
    expect((await peer().remove('delete', stream)) ?? 0n).toBeGreaterThan(first.position ?? 0n);
    await expect(peer().read(stream)).rejects.toMatchObject({ type: 'stream-not-found' });
    const gone = peer().append(stream, [noted(9)], { expected: 'stream_exists' });
    await expect(gone).rejects.toMatchObject({ type: 'stream-deleted', stream });
    expect(await peer().append(stream, [noted(9)], { expected })).toMatchObject({ revision });
    expect(revisions(await readBack(peer(), stream))).toEqual([3n]);
    expect(await peer().getMetadata(stream)).toEqual({ truncateBefore: 3 });
  });

  it('brings a deleted stream back by its metadata, without the events that were deleted', async () => {
    const stream = fresh();
    await peer().append(stream, notedUpTo(3));
    await peer().remove('delete', stream);
    await peer().setMetadata(stream, { cacheControl: 1 });
    expect(await readBack(peer(), stream)).toEqual([]);
    await peer().append(stream, [noted(3)], { expected: 2n });
    expect(revisions(await peer().read(stream))).toEqual([3n]);
  });

  it('tombstones a stream, which then never comes back', async () => {
    const stream = fresh();
    await peer().append(stream, notedUpTo(2));
    const position = (await peer().remove('tombstone', stream, 1n)) ?? 0n;
    const attempts = [
      peer().append(stream, [noted(2)]),
      peer().append(stream, [noted(2)], { expected: 1n }),
      peer().append(stream, [noted(2)], { classic: true }),
      peer().remove('delete', stream),
      peer().remove('tombstone', stream),
      peer().read(stream),
      peer().follow(stream).next(),
    ];
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes).toEqual(
      attempts.map(() => ({
        status: 'rejected',
        reason: expect.objectContaining({ type: 'stream-deleted', stream }) as unknown,
      })),
    );
    const metadata = peer().setMetadata(stream, { maxCount: 1 });
    await expect(metadata).rejects.toMatchObject({ type: 'stream-deleted' });
    const [tombstone] = await peer().readAll({ from: position, count: 1 });
    expect(tombstone?.event).toMatchObject({ stream, type: '$streamDeleted', revision: 2n ** 63n - 1n });
  });

  it('tombstones a stream that never was', async () => {
    const stream = fresh();
    await peer().remove('tombstone', stream, 'no_stream');
    await expect(peer().read(stream)).rejects.toMatchObject({ type: 'stream-deleted', stream });
  });

  it('refuses to remove what is elsewhere, or not there', async () => {
    const stream = fresh();
    const refusal = (kind: 'delete' | 'tombstone', expected: bigint | 'any' | 'no_stream'): Promise<unknown> =>
      peer()
        .remove(kind, stream, expected)
        .catch((error: unknown) => error);
    const wrong = { type: 'wrong-expected-version', code: 9, stream };
    expect(await refusal('delete', 'any')).toMatchObject({ ...wrong, expected: -2n, actual: -1n });
    expect(await refusal('delete', 'no_stream')).toMatchObject({ ...wrong, expected: -1n, actual: -1n });
    await peer().append(stream, notedUpTo(2));
    for (const kind of ['delete', 'tombstone'] as const) {
      expect(await refusal(kind, 7n)).toMatchObject({ ...wrong, expected: 7n, actual: 1n });
      expect(await refusal(kind, 0n)).toMatchObject({ ...wrong, expected: 0n, actual: 1n });
      expect(await refusal(kind, 'no_stream')).toMatchObject({ ...wrong, expected: -1n, actual: 1n });
    }
  });

  it('deletes a stream that has only metadata', async () => {
    const stream = fresh();
    await peer().setMetadata(stream, { cacheControl: 10 });
    await expect(peer().remove('delete', stream, 'no_stream')).resolves.toBeDefined();
  });
}
