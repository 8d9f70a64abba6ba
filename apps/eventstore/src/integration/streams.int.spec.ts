import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  START,
  StreamNotFoundError,
  WrongExpectedVersionError,
  binaryEvent,
  jsonEvent,
  type JSONEventData,
  persistentSubscriptionToStreamSettingsFromDefaults,
} from '@eventstore/db-client';
import {
  startEmbeddedEventStore,
  temporaryDirectory,
  type EmbeddedEventStore,
} from '../../../../test/support/embedded-eventstore';
import { fresh, noted, notedUpTo, revisions } from '../testing/client';

describe('streams, with the official client', () => {
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

  describe('append', () => {
    it('answers with the last revision and its position', async () => {
      const stream = fresh();
      const first = await client.appendToStream(stream, notedUpTo(3), { expectedRevision: 'no_stream' });
      expect(first).toMatchObject({ success: true, nextExpectedRevision: 2n });
      const second = await client.appendToStream(stream, noted(3), { expectedRevision: 2n });
      expect(second.nextExpectedRevision).toBe(3n);
      expect((second.position?.commit ?? 0n) > (first.position?.commit ?? 0n)).toBe(true);
    });

    it.each([
      ['no_stream', 'no_stream', 2n],
      [1n, 1n, 2n],
      [9n, 9n, 2n],
    ] as const)(
      'refuses expected revision %s with both versions',
      async (expectedRevision, expectedVersion, actualVersion) => {
        const streamName = fresh();
        await client.appendToStream(streamName, notedUpTo(3));
        const refused = client.appendToStream(streamName, noted(9), { expectedRevision });
        await expect(refused).rejects.toBeInstanceOf(WrongExpectedVersionError);
        await expect(refused).rejects.toMatchObject({ streamName, expectedVersion, actualVersion });
      },
    );

    it('refuses stream_exists where there is none, and takes it where there is metadata', async () => {
      const streamName = fresh();
      const attempt = (): Promise<unknown> =>
        client.appendToStream(streamName, noted(1), { expectedRevision: 'stream_exists' });
      await expect(attempt()).rejects.toMatchObject({ expectedVersion: 'stream_exists', actualVersion: 'no_stream' });
      await client.setStreamMetadata(streamName, { maxCount: 10 });
      await expect(attempt()).resolves.toMatchObject({ nextExpectedRevision: 0n });
    });

    it.each(['any', 'no_stream', 'stream_exists'] as const)('is idempotent with %s', async (expectedRevision) => {
      const stream = fresh();
      if (expectedRevision === 'stream_exists') await client.setStreamMetadata(stream, { maxCount: 100 });
      const events = notedUpTo(3);
      const first = await client.appendToStream(stream, events, { expectedRevision });
      await client.appendToStream(stream, noted(9), { expectedRevision: 2n });
      expect(await client.appendToStream(stream, events, { expectedRevision })).toEqual(first);
      expect(await revisions(client.readStream(stream))).toEqual([0n, 1n, 2n, 3n]);
    });

    it('behaves the same in its unbatched form', async () => {
      const stream = fresh();
      // Credentials of the call make this client use the classic method.
      const classic = { credentials: { username: 'admin', password: 'changeit' } };
      const events = notedUpTo(2);
      const first = await client.appendToStream(stream, events, { ...classic, expectedRevision: 'no_stream' });
      expect(first).toMatchObject({ success: true, nextExpectedRevision: 1n });
      expect(await client.appendToStream(stream, events, { ...classic, expectedRevision: 'no_stream' })).toEqual(first);
      const refused = client.appendToStream(stream, noted(5), { ...classic, expectedRevision: 7n });
      await expect(refused).rejects.toMatchObject({ expectedVersion: 7n, actualVersion: 1n });
      const missing = client.appendToStream(fresh(), noted(5), { ...classic, expectedRevision: 0n });
      await expect(missing).rejects.toMatchObject({ expectedVersion: 0n, actualVersion: 'no_stream' });
      const large = jsonEvent({ type: 'large', data: { text: 'x'.repeat(1024 * 1024) } });
      await expect(client.appendToStream(stream, large, classic)).rejects.toMatchObject({ maxAppendSize: 1024 * 1024 });
    });

    it('keeps JSON, binary content and metadata apart', async () => {
      const stream = fresh();
      const bytes = Uint8Array.from([0, 1, 254, 255]);
      await client.appendToStream(stream, [
        jsonEvent({ type: 'json', data: { text: 'ключ' }, metadata: { who: 'me' } }),
        binaryEvent({ type: 'binary', data: bytes, metadata: bytes }),
      ]);
      const events = [];
      for await (const { event } of client.readStream(stream)) events.push(event);
      expect(events).toMatchObject([
        { type: 'json', isJson: true, data: { text: 'ключ' }, metadata: { who: 'me' } },
        { type: 'binary', isJson: false },
      ]);
      expect(Buffer.from(events[1]?.data as Uint8Array)).toEqual(Buffer.from(bytes));
      expect(Math.abs(Date.now() - (events[0]?.created.getTime() ?? 0))).toBeLessThan(60_000);
    });

    it('takes what fits, refuses what is larger, and an append in many chunks is still one', async () => {
      const stream = fresh();
      const large = (length: number): JSONEventData => jsonEvent({ type: 't', data: { text: 'x'.repeat(length) } });
      const refused = client.appendToStream(stream, large(1024 * 1024));
      await expect(refused).rejects.toMatchObject({ maxAppendSize: 1024 * 1024 });
      const chunked = Array.from({ length: 50 }, () => large(10_000));
      // With this size every event is a chunk of its own, behind a first one without events.
      const result = await client.appendToStream(stream, chunked, {
        batchAppendSize: 1_000,
        expectedRevision: 'no_stream',
      });
      expect(result.nextExpectedRevision).toBe(49n);
    });

    it('ends an append at its deadline', async () => {
      const append = client.appendToStream(fresh(), noted(1), { deadline: -60_000 });
      await expect(append).rejects.toMatchObject({ type: 'deadline-exceeded' });
    });
  });

  describe('read', () => {
    const stream = fresh();
    beforeAll(() => client.appendToStream(stream, notedUpTo(10)));

    it.each([
      ['all', {}, [0n, 9n, 10]],
      ['from a revision', { fromRevision: 4n }, [4n, 9n, 6]],
      ['at most', { maxCount: 3 }, [0n, 2n, 3]],
      ['beyond the end', { fromRevision: 10n }, [undefined, undefined, 0]],
      ['beyond everything', { fromRevision: 18446744073709551615n }, [undefined, undefined, 0]],
      ['backwards from the end', { direction: BACKWARDS, fromRevision: END }, [9n, 0n, 10]],
      ['the last', { direction: BACKWARDS, fromRevision: END, maxCount: 1 }, [9n, 9n, 1]],
      ['backwards from a revision', { direction: BACKWARDS, fromRevision: 4n }, [4n, 0n, 5]],
      ['backwards from beyond the end', { direction: BACKWARDS, fromRevision: 99n, maxCount: 2 }, [9n, 8n, 2]],
      ['backwards from the start', { direction: BACKWARDS, fromRevision: START }, [0n, 0n, 1]],
      ['none', { maxCount: 0 }, [undefined, undefined, 0]],
    ] as const)('reads %s', async (_, options, [first, last, count]) => {
      const read = await revisions(client.readStream(stream, options));
      expect([read[0], read.at(-1), read.length]).toEqual([first, last, count]);
    });

    it('says that a stream is missing', async () => {
      await expect(revisions(client.readStream(fresh()))).rejects.toBeInstanceOf(StreamNotFoundError);
    });

    it('reads more than a page, of small and of large events', async () => {
      const many = fresh();
      const text = 'x'.repeat(300_000);
      for (let i = 0; i < 3; i += 1) await client.appendToStream(many, notedUpTo(500));
      for (let i = 0; i < 6; i += 1) {
        await client.appendToStream(
          many,
          [1, 2, 3].map((n) => jsonEvent({ type: 't', data: { n, text } })),
        );
      }
      const expected = Array.from({ length: 1_518 }, (_, n) => BigInt(n));
      expect(await revisions(client.readStream(many))).toEqual(expected);
      const backwards = client.readStream(many, { direction: BACKWARDS, fromRevision: END });
      expect(await revisions(backwards)).toEqual(expected.reverse());
    });

    it('follows links, and says so when their target is gone', async () => {
      const links = fresh();
      const target = fresh();
      const link = (text: string): ReturnType<typeof binaryEvent> =>
        binaryEvent({ type: '$>', data: Buffer.from(text) });
      await client.appendToStream(target, notedUpTo(2));
      await client.appendToStream(links, [link(`1@${target}`), link(`0@${fresh()}`)]);
      const read = [];
      for await (const resolved of client.readStream(links, { resolveLinkTos: true })) read.push(resolved);
      expect(read[0]).toMatchObject({
        event: { streamId: target, revision: 1n },
        link: { streamId: links, revision: 0n },
      });
      expect([read[1]?.event, read[1]?.link?.revision]).toEqual([undefined, 1n]);
    });
  });

  describe('$all', () => {
    it('reads both ways from any position: inclusive forwards, exclusive backwards', async () => {
      const stream = fresh();
      const before = await client.appendToStream(stream, notedUpTo(3));
      await client.appendToStream(stream, noted(3));
      const position = before.position ?? { commit: -1n, prepare: -1n };
      const forwards = client.readAll({ direction: FORWARDS, fromPosition: position, maxCount: 2 });
      expect(await revisions(forwards)).toEqual([2n, 3n]);
      const backwards = client.readAll({ direction: BACKWARDS, fromPosition: position, maxCount: 2 });
      expect(await revisions(backwards)).toEqual([1n, 0n]);
      expect(await revisions(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }))).toEqual([3n]);
      expect(await revisions(client.readAll({ fromPosition: END }))).toEqual([]);
      expect(await revisions(client.readAll({ direction: BACKWARDS, fromPosition: START }))).toEqual([]);
      const beyond = { commit: 2n ** 60n, prepare: 2n ** 60n };
      expect(await revisions(client.readAll({ fromPosition: beyond }))).toEqual([]);
    });

    it('holds every event once, in the order of positions, with system events among them', async () => {
      const positions: bigint[] = [];
      const types = new Set<string>();
      for await (const { event } of client.readAll()) {
        if (event === undefined) continue;
        positions.push(event.position.commit);
        types.add(event.type);
      }
      expect(positions).toEqual([...new Set(positions)].sort((a, b) => (a < b ? -1 : 1)));
      expect(types.has('$store-created')).toBe(true);
      const backwards: bigint[] = [];
      for await (const { event } of client.readAll({ direction: BACKWARDS, fromPosition: END })) {
        if (event !== undefined) backwards.push(event.position.commit);
      }
      expect(backwards).toEqual([...positions].reverse());
    });
  });

  it('is found by discovery, and says what it cannot do', async () => {
    const discovering = EventStoreDBClient.connectionString(
      `esdb+discover://127.0.0.1:${String(server.port)}?tls=false`,
    );
    await expect(discovering.appendToStream(fresh(), noted(1))).resolves.toMatchObject({ success: true });
    await discovering.dispose();
    const persistent = client.createPersistentSubscriptionToStream(
      fresh(),
      'group',
      persistentSubscriptionToStreamSettingsFromDefaults(),
    );
    await expect(persistent).rejects.toThrow(/no persistent subscriptions/);
    const projection = client.createProjection('p', 'fromAll()');
    await expect(projection).rejects.toThrow(/runs no projections/);
  });
});
