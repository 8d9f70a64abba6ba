import { BACKWARDS, END, EventStoreDBClient, StreamDeletedError, StreamNotFoundError } from '@eventstore/db-client';
import {
  startEmbeddedEventStore,
  temporaryDirectory,
  type EmbeddedEventStore,
} from '../../../../test/support/embedded-eventstore';
import { fresh, noted, notedUpTo, revisions } from '../testing/client';

describe('metadata and deletion, with the official client', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let server: EmbeddedEventStore;
  let client: EventStoreDBClient;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    server = await startEmbeddedEventStore({ directory: directory.path });
    client = EventStoreDBClient.connectionString(server.url);
  });
  afterAll(async () => {
    await client.dispose();
    await server.stop();
    await directory.remove();
  });

  it('stores metadata and gives it back', async () => {
    const stream = fresh();
    await client.appendToStream(stream, notedUpTo(5));
    await client.setStreamMetadata(stream, { maxCount: 2, acl: { readRoles: ['ops'] }, mine: 'x' });
    expect((await client.getStreamMetadata(stream)).metadata).toEqual({
      maxCount: 2,
      acl: { readRoles: ['ops'] },
      mine: 'x',
    });
    expect(await revisions(client.readStream(stream))).toEqual([3n, 4n]);
    expect(await revisions(client.readStream(stream, { direction: BACKWARDS, fromRevision: END }))).toEqual([4n, 3n]);
    expect(await revisions(client.readStream(stream, { direction: BACKWARDS, fromRevision: 1n }))).toEqual([]);
    expect((await client.getStreamMetadata(fresh())).metadata).toBeUndefined();
  });

  it('hides events before $truncateBefore and older than $maxAge, though not from $all', async () => {
    const stream = fresh();
    const { position } = await client.appendToStream(stream, notedUpTo(4));
    await client.setStreamMetadata(stream, { truncateBefore: 2 });
    expect(await revisions(client.readStream(stream))).toEqual([2n, 3n]);
    await client.setStreamMetadata(stream, { maxAge: 1 });
    const deadline = Date.now() + 10_000;
    while ((await revisions(client.readStream(stream))).length > 0 && Date.now() < deadline);
    expect(await revisions(client.readStream(stream))).toEqual([]);
    const all = client.readAll({ direction: BACKWARDS, fromPosition: position ?? END, maxCount: 3 });
    expect(await revisions(all)).toEqual([2n, 1n, 0n]);
  });

  it('soft-deletes a stream and starts it again behind its old events', async () => {
    const stream = fresh();
    await client.appendToStream(stream, notedUpTo(3));
    expect((await client.deleteStream(stream)).position).toBeDefined();
    await expect(revisions(client.readStream(stream))).rejects.toBeInstanceOf(StreamNotFoundError);
    await client.appendToStream(stream, noted(9), { expectedRevision: 'no_stream' });
    expect(await revisions(client.readStream(stream))).toEqual([3n]);
  });

  it('tombstones a stream for good', async () => {
    const streamName = fresh();
    await client.appendToStream(streamName, noted(1));
    const { position } = await client.tombstoneStream(streamName);
    const attempts = [
      client.appendToStream(streamName, noted(2)),
      client.appendToStream(streamName, noted(2), { credentials: { username: 'a', password: 'b' } }),
      client.deleteStream(streamName),
      client.tombstoneStream(streamName),
      revisions(client.readStream(streamName)),
      revisions(client.subscribeToStream(streamName)),
    ];
    for (const attempt of await Promise.allSettled(attempts)) {
      expect(attempt).toMatchObject({ status: 'rejected', reason: { streamName } });
      expect(attempt.status === 'rejected' && attempt.reason instanceof StreamDeletedError).toBe(true);
    }
    const all = client.readAll({ fromPosition: position ?? END, maxCount: 1 });
    expect(await revisions(all)).toEqual([9223372036854775807n]);
  });

  it('refuses to delete what is not there or elsewhere', async () => {
    const streamName = fresh();
    const missing = client.deleteStream(streamName);
    await expect(missing).rejects.toMatchObject({ streamName, expectedVersion: -2n, actualVersion: -1n });
    await client.appendToStream(streamName, notedUpTo(2));
    const elsewhere = client.tombstoneStream(streamName, { expectedRevision: 7n });
    await expect(elsewhere).rejects.toMatchObject({ streamName, expectedVersion: 7n, actualVersion: 1n });
  });
});
